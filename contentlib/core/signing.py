"""The keys that sign what leaves the application and is to come back unchanged."""

from flask import current_app


def signing_keys() -> list[str]:
    """Return all keys that verify, of which the last signs, as itsdangerous takes them."""
    return [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
