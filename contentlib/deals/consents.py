"""What is known of people's consent to be told apart as readers, with its day and source.

Consent is a person's, not a row's: who stands in several rows with one address said it for all of
them. Unknown is not opposed; what follows from being opposed, links see to (sharing/opposing.py).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select

from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import one_line
from contentlib.deals.models import Consent, Contact

LONGEST_SOURCE = 200


def note(
    contact: Contact, consent: Consent, *, on: date | None, source: str, today: date
) -> Sequence[Contact]:
    """Write down what a person said, in every row of theirs, which are returned."""
    source = one_line(source)[:LONGEST_SOURCE]
    if consent is Consent.UNKNOWN:
        on, source = None, ""
    else:
        _refuse_unproven(on, source, today)
    rows = rows_of(contact)
    for row in rows:
        row.consent, row.consent_on, row.consent_source = consent, on, source
    db.session.flush()
    return rows


def _refuse_unproven(on: date | None, source: str, today: date) -> None:
    if on is None or on > today:
        raise Invalid(N_("Say on which day it was; that cannot be still to come."), field="since")
    if not source:
        raise Invalid(N_("Say how they said it, so that it can be shown later."), field="source")


def rows_of(contact: Contact) -> Sequence[Contact]:
    """Return the rows of the same person: this one, and those with the same address."""
    if not contact.email or not contact.email.strip():
        return [contact]
    same = select(Contact).where(_at(contact.email)).order_by(Contact.id)
    others = [row for row in db.session.scalars(same) if row is not contact]
    return [contact, *others]


def take_over(contact: Contact) -> None:
    """Let a new row know what its person said elsewhere."""
    known = [row for row in rows_of(contact) if row.consent_on is not None]
    if known:
        said = max(known, key=lambda row: (row.consent is Consent.OPPOSED, row.consent_on))
        contact.consent, contact.consent_on = said.consent, said.consent_on
        contact.consent_source = said.consent_source
        db.session.flush()


def is_opposed(email: str | None) -> bool:
    """Tell whether the person at an address objects to being told apart as a reader."""
    if not email:
        return False
    rows = select(Contact.id).where(Contact.consent == Consent.OPPOSED, _at(email))
    return db.session.scalars(rows.limit(1)).first() is not None


def _at(email: str) -> ColumnElement[bool]:
    return func.lower(func.trim(Contact.email)) == email.strip().lower()
