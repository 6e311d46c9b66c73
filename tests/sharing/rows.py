"""Links and visits for tests, as rows: whatever makes them in the product is tested elsewhere."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_token
from contentlib.deals.models import Deal
from contentlib.deals.queries import on_deal
from contentlib.jobs.worker import Worker
from contentlib.library.models import Asset
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits import settling
from contentlib.sharing.visits.arriving import arrive
from contentlib.sharing.visits.models import Beacon, Hit, Visit, What
from contentlib.sharing.visits.noting import note_hit
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent
from tests import factories

_number = count(1)
BROWSER: dict[str, Any] = {
    "method": "GET",
    "agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0",
    "language": "pt-BR",
    "network": "198.51.100.0/24",
    "mode": "navigate",
    "secure": True,
}
# Hands pause differently each time.
BY_HAND = [["i", at, "wheel", 1] for at in (900, 1500, 2900, 3300, 5200)]


@dataclass
class Sent:
    """A link with its token, which only its recipient has."""

    link: ShareLink
    token: str
    deal: Deal | None = None
    places: list[Asset] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return where its pages report to."""
        return f"/s/{self.token}/seen"


def sent(
    by: User, *assets: Asset, deal: Deal | None = None, ago: timedelta = timedelta(hours=1),
    **facts: Any,
) -> Sent:  # fmt: skip
    """Add a link that was sent some time ago."""
    token = f"token-{next(_number)}"
    rows = assets or (factories.asset(f"Case {token}"),)
    link = ShareLink(
        seed=token,
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        by_id=by.id,
        deal_id=deal.id if deal else None,
        language="pt",
        sent_at=now() - ago,
        **({"recipient_name": "Ana Souza", "recipient_email": "ana@acme.example"} | facts),
    )
    link.items = [
        ShareItem(position=place, asset_id=row.id, version_id=row.published_version_id)
        for place, row in enumerate(rows, 1)
    ]
    db.session.add(link)
    db.session.commit()
    return Sent(link, token, deal, list(rows))


def visit(link: ShareLink, visitor: str = "device", **facts: Any) -> Visit:
    """Let somebody open a link's page."""
    row = arrive(link, visitor=visitor)
    note_hit(link, What.PAGE, visit=row, facts=BROWSER | facts)
    db.session.commit()
    return row


def report(row: Visit, number: int, now_ms: int, *events: list[Any]) -> dict[str, Any]:
    """Return a report of a page as it is sent."""
    return {"visit": row.key, "number": number, "now": now_ms, "events": list(events)}


def work(app: Flask) -> None:
    """Let the worker do what is due."""
    Worker(app, lease_seconds=60).drain()


def at(moment: datetime, milliseconds: int) -> datetime:
    """Return a moment some milliseconds later."""
    return moment + timedelta(milliseconds=milliseconds)


def past_visit(
    link: ShareLink, page_ms: list[int], *, ago: timedelta, visitor: str = "device", **facts: Any
) -> Visit:
    """Add a visit of some time ago, in which each page was read for so long, in order."""
    began = now() - ago
    row = Visit(key=new_token(), link_id=link.id, visitor=visitor, started_at=began)
    db.session.add(row)
    db.session.flush()
    hit = Hit(link_id=link.id, visit_id=row.id, at=began, what=What.PAGE, facts=BROWSER | facts)
    db.session.add(hit)
    until = 0
    for number, spent in enumerate(page_ms):
        start, until = until, until + spent
        # Who reads a long page moves now and then.
        moved = [["i", start + spent * part // 100, "wheel", 1] for part in (7, 19, 61, 88)]
        events = [["n", until], ["s", 1, number + 1, start, until], *moved]
        arrived = at(began, until + 40)
        db.session.add(Beacon(visit_id=row.id, number=number, at=arrived, events=events))
    row.last_at, row.reports = at(began, until), len(page_ms)
    db.session.flush()
    settling.settle([row.id])
    db.session.commit()
    return row


def read_on(won: Deal, asset: Asset, *, days_before: float = 3) -> UsageEvent:
    """Let a person at the buyer have read a material on a deal before its close."""
    moment = won.closed_at - timedelta(days=days_before)
    event = usage.record(
        Action.RECEIVED,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=None,
        idempotency_key=f"read-{won.id}-{asset.id}-{days_before}",
        on=on_deal(won, occurred_at=moment, recorded_at=moment),
        occurred_at=moment,
        recorded_at=moment,
        surface="link",
    )
    db.session.commit()
    return event
