"""Which names an object may have, the same in every store."""

import re

from contentlib.core.errors import N_
from contentlib.storage.errors import InvalidKey

_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_OBJECT = re.compile(r"objects/(?P<start>[0-9a-f]{2})/(?P<sha256>(?P=start)[0-9a-f]{62})")
_LONGEST = 512
# The local store receives uploads under this name, so no object may live there.
RESERVED = "tmp"

INCOMING = "incoming/"
"""Below this browsers write, and nobody looks for files."""


def valid_key(key: str) -> str:
    """Return the key, or refuse one that could leave the store or be read differently by another.

    Segments begin with a letter or digit, so `..`, hidden files, absolute paths and NUL are out.
    """
    segments = key.split("/")
    well_formed = all(_SEGMENT.fullmatch(segment) for segment in segments)
    if len(key) > _LONGEST or not well_formed or segments[0] == RESERVED:
        raise InvalidKey(N_("This is not a valid name for a stored file."))
    return key


def sha256_of(key: str) -> str | None:
    """Return the hash that a key names its bytes by, or None for keys chosen otherwise."""
    found = _OBJECT.fullmatch(key)
    return found["sha256"] if found else None


def object_key(sha256: str) -> str:
    """Return the key under which bytes with this hash are kept."""
    return valid_key(f"objects/{sha256[:2]}/{sha256}")
