"""Capabilities of links: the token in an address, what is kept of it, and codes by e-mail.

A token is HMAC-SHA256 of "share:" and the link's seed under the installation's secret key, written
in base64url: 43 characters, 256 bits. Only its SHA-256 is kept, so that the database opens nothing;
the seed and the key make it again for whoever may copy the link. A code is six digits; its hash is
keyed, as a million guesses would undo a plain one.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

DIGITS = 6


def token_of(seed: str, key: str) -> str:
    """Return the token of a seed under a secret key."""
    made = hmac.new(key.encode(), f"share:{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_again(seed: str, token_hash: str, keys: Sequence[str]) -> str | None:
    """Return the token that was made of a seed under one of these keys, or nothing."""
    for key in keys:
        token = token_of(seed, key)
        if hmac.compare_digest(hash_of(token), token_hash):
            return token
    return None


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def code_hash(code: str, *, link_id: int, email: str, key: str) -> str:
    """Return what is kept of a code, good for one link and one address alone."""
    said = f"share-code:{link_id}:{email}:{code}"
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()
