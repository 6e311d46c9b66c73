"""Which touches are a contact's: by their address, or by what the other system calls them.

A touch is a contact's by e-mail if it has the contact's address, whatever the capitals. One with
another address, or none, is theirs by ID if the other system gives it the same person as one that
is theirs by e-mail. Both reasons are shown, and each match can be undone: a shared address such as
`compras@` is many people's. Nothing else is matched; names are not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from contentlib.deals.models import Contact
from contentlib.sharing.touches.models import MarketingTouch

By = Literal["email", "id"]


@dataclass(frozen=True)
class Matched:
    """A touch with the contact it is of, why, and by which identity; that one can be split off."""

    touch: MarketingTouch
    contact: Contact
    by: By
    identity: str


def email_identity(email: str) -> str:
    """Return the identity that an address is."""
    return f"email:{email.strip().lower()}"


def person_identity(touch: MarketingTouch) -> str | None:
    """Return the identity that the other system's number of a person is."""
    return f"id:{touch.source}:{touch.person}" if touch.person else None


def matched(
    contact: Contact, touches: Iterable[MarketingTouch], split: frozenset[str]
) -> list[Matched]:
    """Return those touches that are a contact's, without what was split off."""
    own = email_identity(contact.email or "")
    rows: Sequence[MarketingTouch] = list(touches)
    by_email = [
        touch
        for touch in rows
        if contact.email and touch.email and email_identity(touch.email) == own
    ]
    found = [Matched(touch, contact, "email", own) for touch in by_email if own not in split]
    known = {person_identity(touch) for touch in by_email} - {None} - split
    ids = {touch.id for touch in by_email}
    for touch in rows:
        identity = person_identity(touch)
        if identity is not None and identity in known and touch.id not in ids:
            found.append(Matched(touch, contact, "id", identity))
    return found
