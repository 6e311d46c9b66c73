"""The keys that seal entries and the end of the chain, made from the installation's secret key."""

import hashlib
import hmac

from flask import current_app

from contentlib.audit.chain import Entry, is_sealed, seal

_PURPOSE = b"contentlib.audit"


def key_name(key: bytes) -> str:
    """Return a name by which a key is known again; it tells nothing of the key."""
    return hashlib.sha256(_PURPOSE + key).hexdigest()[:16]


def _derived(secret: str) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()


def own_key() -> bytes:
    """Return the key that seals from now on."""
    return _derived(str(current_app.config["SECRET_KEY"]))


def known_keys() -> dict[str, bytes]:
    """Return this key and older ones that still verify, by their names."""
    older = [_derived(secret) for secret in current_app.config["SECRET_KEY_FALLBACKS"] or ()]
    return {key_name(key): key for key in (own_key(), *older)}


def own_seal(entry: Entry) -> str:
    """Seal something with the key of today."""
    return seal(own_key(), entry)


def is_ours(entry: Entry, told: str) -> bool:
    """Tell whether this installation has sealed something, under any key that still verifies."""
    return any(is_sealed(key, entry, told) for key in known_keys().values())
