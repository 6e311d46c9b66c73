"""What people of the demo's customers said of being told apart as readers."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals.models import Consent, Contact, Deal
from contentlib.sharing.models import ShareLink
from contentlib.sharing.opposing import note_consent

# Of most people nothing is known, as in any firm; who reads consented, a colleague objected.
CONSENTED = ("Confirmou por e-mail que podemos acompanhar a leitura", 12)
OBJECTED = ("Pediu por e-mail para não ser acompanhada", 5)
MOST = 4


def add_consents(*, today: date) -> None:
    """Let the first reader of some deals have consented, and one of their colleagues objected."""
    for place, deal in enumerate(_deals()):
        reader, *others = sorted(deal.contacts, key=lambda one: one.id)
        _say(reader, Consent.GIVEN, CONSENTED, deal, today)
        if place == 0 and others:
            _say(others[0], Consent.OPPOSED, OBJECTED, deal, today)


def _say(
    contact: Contact, consent: Consent, said: tuple[str, int], deal: Deal, today: date
) -> None:
    source, days = said
    if deal.owner is not None:
        day = today - timedelta(days=days)
        note_consent(contact, consent, on=day, source=source, by=deal.owner, today=today)


def _deals() -> Sequence[Deal]:
    sent = select(ShareLink.deal_id).where(ShareLink.sent_at.is_not(None))
    rows = select(Deal).where(Deal.id.in_(sent), Deal.contacts.any())
    return db.session.scalars(rows.order_by(Deal.updated_at.desc(), Deal.id).limit(MOST)).all()
