"""Writing touches down as they are told, and saying who is not whom."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.deals.models import Contact
from contentlib.sharing.touches.models import MarketingTouch, TouchSplit

Told = Literal["new", "changed", "known"]


def note_touch(
    *,
    source: str,
    external_id: str,
    email: str | None,
    person: str | None,
    kind: str,
    title: str,
    occurred_at: datetime,
) -> tuple[MarketingTouch, Told]:
    """Write down what another system told; what it told before is brought up to date."""
    if not (email or person):
        raise Invalid(N_("A touch needs an e-mail or the other system's number of the person."))
    if occurred_at > now():
        raise Invalid(N_("A touch cannot lie in the future."), field="occurred_at")
    facts = {
        "email": email,
        "person": person,
        "kind": kind[:40],
        "title": title[:300],
        "occurred_at": occurred_at,
    }
    row = db.session.scalars(
        select(MarketingTouch).where(
            MarketingTouch.source == source, MarketingTouch.external_id == external_id
        )
    ).first()
    if row is None:
        row = MarketingTouch(source=source, external_id=external_id, **facts)
        db.session.add(row)
        db.session.flush()
        return row, "new"
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    db.session.flush()
    return row, "changed" if changed else "known"


def split(contact: Contact, identity: str, *, by: User) -> TouchSplit:
    """Say that an identity is not a contact's; its touches are no longer shown as theirs."""
    known = db.session.get(TouchSplit, (contact.id, identity))
    if known is not None:
        return known
    row = TouchSplit(contact_id=contact.id, identity=identity[:260], by_id=by.id)
    db.session.add(row)
    db.session.flush()
    return row


def merge_again(contact: Contact, identity: str) -> None:
    """Take back that an identity is not a contact's."""
    row = db.session.get(TouchSplit, (contact.id, identity))
    if row is not None:
        db.session.delete(row)
        db.session.flush()
