"""What follows when a person objects to being told apart as a reader, or takes that back.

Pages of links to them ask for no reports, nothing of what they read is recorded, and nobody is told
that they read. Of a visit, the bare opening of the link is kept: limits and the defence against
abuse need it. What was recorded before stays until they ask for it to be erased (`erasing.py`).

A link says so itself, and each visit how it was kept, so that the paths which buyers' pages take
ask nobody else.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, update

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import consents
from contentlib.deals.models import Consent, Contact
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.bare import keep_bare
from contentlib.sharing.visits.models import Visit
from contentlib.sharing.visits.waking import OVER


def note_consent(
    contact: Contact, consent: Consent, *, on: date | None, source: str, by: User, today: date
) -> None:
    """Write down what a person said, and let their links follow at once."""
    before = contact.consent
    rows = consents.note(contact, consent, on=on, source=source, today=today)
    links = select(ShareLink.id).where(_to(rows))
    ids = db.session.scalars(links).all()
    opposed = consent is Consent.OPPOSED
    db.session.execute(update(ShareLink).where(ShareLink.id.in_(ids)).values(is_unrecorded=opposed))
    if opposed:
        _stop_visits(ids, _addresses(rows))
    db.session.flush()
    # Who said what how is kept with the contact, where it can be erased.
    changes = {"consent": [before.value, consent.value]}
    audit.record(Action.CONSENT_CHANGED, subject=contact, by=by, changes=changes)


def _stop_visits(link_ids: Sequence[int], addresses: Collection[str]) -> None:
    """Stop recording the visits going on, by their links or where they proved their address."""
    theirs = or_(Visit.link_id.in_(link_ids), func.lower(Visit.email).in_(addresses))
    going_on = select(Visit).where(Visit.last_at > now() - OVER, theirs)
    for visit in db.session.scalars(going_on):
        keep_bare(visit)


def _to(rows: Sequence[Contact]) -> ColumnElement[bool]:
    """Return the condition for links to a person: by their rows, or by their address."""
    person = ShareLink.contact_id.in_([row.id for row in rows])
    return or_(person, func.lower(ShareLink.recipient_email).in_(_addresses(rows)))


def _addresses(rows: Sequence[Contact]) -> set[str]:
    return {row.email.strip().lower() for row in rows if row.email and row.email.strip()}
