"""Requests to marketing: what somebody could not find, who else waits for it, what became of it."""
