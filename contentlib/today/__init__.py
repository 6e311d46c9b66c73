"""The start page: what this person should do now."""
