"""Links that the demo's sellers sent to buyers these days: a material, a kit, one with a code."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.library.models import Asset, VersionKind
from contentlib.sharing import sending, service
from contentlib.sharing.fitness import why_not
from contentlib.sharing.models import Gate
from contentlib.sharing.recipients import of_contacts

MOST = 9
NOTES = (
    "Aqui está o caso que comentei: a conta dos atrasos está logo no começo.",
    "Como combinamos, o material para você mostrar à diretoria.",
    "",
)


def add_links(*, key: str, today: date, now: datetime) -> int:
    """Send a few links for the deals that moved last, and return how many."""
    files = _files(today)
    made = 0
    for deal in _deals():
        moment = now - timedelta(days=2 * made, hours=3)
        if moment <= deal.opened_at or deal.owner is None:
            continue
        is_kit = made % 3 == 1
        terms = service.Terms(
            deal=deal,
            language="pt",
            expires_at=now + service.USUAL_LIFE,
            title="Para a diretoria" if is_kit else "",
            note=NOTES[made % len(NOTES)],
            gate=Gate.CODE if made % 4 == 3 else Gate.NONE,
            may_download=True,
        )
        chosen = [files[(made + place) % len(files)] for place in range(3 if is_kit else 1)]
        people = of_contacts(deal.contacts[:1])
        (link,) = service.create_links(chosen, people, terms, by=deal.owner, today=today, key=key)
        link.created_at = moment - timedelta(minutes=2)
        channel = "whatsapp" if made % 2 else "email"
        sending.mark_sent(link, by=deal.owner, channel=channel, today=today, occurred_at=moment)
        made += 1
        if made == MOST:
            break
    return made


def _deals() -> Sequence[Deal]:
    rows = select(Deal).where(Deal.outcome == Outcome.OPEN, Deal.contacts.any())
    return db.session.scalars(rows.order_by(Deal.updated_at.desc(), Deal.id)).all()


def _files(today: date) -> list[Asset]:
    """Return the files that may be sent, in the firm's own language."""
    rows = select(Asset).where(Asset.language == "pt").order_by(Asset.id)
    return [
        asset
        for asset in db.session.scalars(rows)
        if why_not(asset, today) is None
        and asset.published_version is not None
        and asset.published_version.kind is VersionKind.FILE
    ]
