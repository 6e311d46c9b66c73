"""Addresses on the host of bytes: each shows one version to one person, for a minute."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from contentlib.accounts.models import User
from contentlib.accounts.queries import get_user
from contentlib.core.bytes_host import PATH
from contentlib.core.errors import Absent
from contentlib.core.signing import signing_keys
from contentlib.library import queries
from contentlib.library.models import AssetVersion

SECONDS = 60
How = Literal["attachment", "inline"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who asked for which version, and whether to show or to save it."""

    person_id: int
    asset_id: int
    number: int
    how: How


def address(version: AssetVersion, how: How, *, to: User) -> str:
    """Return where a person gets the bytes of a version that they have been allowed to see."""
    token = _signer().dumps([to.id, version.asset_id, version.number, how])
    return f"{current_app.extensions['settings'].content_origin}{PATH}{token}"


def read(token: str) -> Ticket:
    """Return what an address was made for; altered, foreign and old ones are absent."""
    try:
        return Ticket(*_signer().loads(token, max_age=SECONDS))
    except BadData:
        raise Absent from None


def version_for(ticket: Ticket, today: date) -> AssetVersion:
    """Load what a ticket shows, if its person still may see it."""
    person = get_user(ticket.person_id)
    if not person.active:
        raise Absent
    version = queries.get_version(person, ticket.asset_id, ticket.number, today)
    if version.blob is None or version.blob.is_withheld:
        raise Absent
    return version


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_keys(), salt="contentlib.bytes")
