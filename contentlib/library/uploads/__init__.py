"""Files on their way into the library: received, taken as drafts and versions, completed."""
