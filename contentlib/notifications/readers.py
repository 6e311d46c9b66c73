"""How somebody who is told something reads it: in which language and zone, and whether at all."""

from typing import cast

from flask import current_app

from contentlib.accounts.models import User
from contentlib.accounts.service import NO_ADDRESS
from contentlib.core.config import Settings


def is_reachable(person: User) -> bool:
    """Tell whether a person may still be told things, and has an address for it."""
    return person.active and not person.email.endswith(f"@{NO_ADDRESS}")


def zone_of(person: User | None) -> str:
    """Return the zone a person reads times in; the firm's, where nobody's is known."""
    return (person.timezone if person else None) or _settings().timezone


def language_of(person: User) -> str:
    """Return the language a person reads; the installation's, where they follow their browser."""
    return person.language or _settings().default_language


def link_to(path: str) -> str:
    """Return the whole address of a path of this site, for what is read elsewhere."""
    return cast(str, current_app.config["BASE_URL"]).rstrip("/") + path


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
