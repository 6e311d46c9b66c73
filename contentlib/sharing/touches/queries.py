"""Questions about touches, as far as they concern the people of a deal."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, tuple_

from contentlib.core.db import db
from contentlib.deals.models import Contact, Deal
from contentlib.sharing.touches.matching import Matched, matched
from contentlib.sharing.touches.models import MarketingTouch, TouchSplit

MOST_SHOWN = 200


def touches_of(deal: Deal) -> list[Matched]:
    """Return the touches of a deal's people, youngest first, each once."""
    split = _splits(deal.contacts)
    found: dict[int, Matched] = {}
    for contact in deal.contacts:
        mine = frozenset(row.identity for row in split if row.contact_id == contact.id)
        for match in matched(contact, _candidates(contact), mine):
            found.setdefault(match.touch.id, match)
    ordered = sorted(found.values(), key=lambda match: match.touch.occurred_at, reverse=True)
    return ordered[:MOST_SHOWN]


def splits_of(deal: Deal) -> list[tuple[Contact, TouchSplit]]:
    """Return what was split off from a deal's people."""
    by_id = {contact.id: contact for contact in deal.contacts}
    return [(by_id[row.contact_id], row) for row in _splits(deal.contacts)]


def _splits(contacts: Sequence[Contact]) -> Sequence[TouchSplit]:
    ids = [contact.id for contact in contacts]
    rows = select(TouchSplit).where(TouchSplit.contact_id.in_(ids))
    return db.session.scalars(rows.order_by(TouchSplit.at)).all()


def _candidates(contact: Contact) -> Sequence[MarketingTouch]:
    """Return the touches at a contact's address, and all others of the persons they name."""
    if not contact.email:
        return []
    touch = MarketingTouch
    at_address = func.lower(touch.email) == contact.email.lower()
    persons = select(touch.source, touch.person).where(at_address, touch.person.is_not(None))
    same = tuple_(touch.source, touch.person).in_(persons)
    rows = select(touch).where(or_(at_address, same)).order_by(touch.occurred_at.desc())
    return db.session.scalars(rows.limit(MOST_SHOWN)).all()
