"""The one place identifiers and randomness come from."""

import os
import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Return a time-ordered identifier (UUID version 7, RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def new_token() -> str:
    """Return an unguessable text (256 bits) that fits into an address."""
    return secrets.token_urlsafe(32)
