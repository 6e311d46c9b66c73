"""Who came by the demo's links: buyers who read, somebody it was forwarded to, and machines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.core.ids import new_token
from contentlib.sharing.fitness import page_count
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits import settling
from contentlib.sharing.visits.models import Beacon, Hit, Visit, What

SECOND = timedelta(seconds=1)
DESK = {
    "agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0",
    "network": "203.0.113.0/24",
}
POCKET = {
    "agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile",
    "network": "198.51.100.0/24",
}
FORWARDED = DESK | {"network": "100.64.7.0/24"}
CARD = {"agent": "WhatsApp/2.24.20.78 A", "network": "192.0.2.0/24"}
SCANNER = {"agent": "curl/8.7.1", "network": "192.0.2.0/24"}


def add_readings(rng: Random, *, now: datetime) -> int:
    """Let people and machines come by every link that was sent, and return how many visits."""
    sent = select(ShareLink).where(ShareLink.sent_at.is_not(None)).order_by(ShareLink.id)
    visits: list[Visit] = []
    for number, link in enumerate(db.session.scalars(sent).all()):
        at = link.sent_at or now
        visits.append(_come(link, at + 2 * SECOND, CARD if number % 2 else SCANNER))
        comings = [
            (timedelta(hours=1), POCKET if number % 3 == 0 else DESK),
            (timedelta(hours=2), FORWARDED if number % 4 == 0 else None),
            (timedelta(hours=20), DESK if number % 2 else None),
        ]
        # Nobody stays for an hour, so that nothing lies in the future.
        visits += [
            _read(rng, link, at + later, device)
            for later, device in comings
            if device is not None and at + later < now - timedelta(hours=1)
        ]
    db.session.flush()
    settling.settle([visit.id for visit in visits])
    return len(visits)


def _come(link: ShareLink, at: datetime, facts: dict[str, str]) -> Visit:
    """Let somebody ask for the page and nothing else."""
    visit = Visit(key=new_token(), link_id=link.id, started_at=at, last_at=at)
    visit.visitor = f"{facts['network']} {facts['agent']}"[:64]
    db.session.add(visit)
    db.session.flush()
    told = facts | {"method": "GET", "language": "pt-BR", "mode": "navigate"}
    hit = Hit(link_id=link.id, visit_id=visit.id, at=at, what=What.PAGE, facts=told)
    db.session.add(hit)
    return visit


def _read(rng: Random, link: ShareLink, at: datetime, facts: dict[str, str]) -> Visit:
    """Let a person read some way into each material, as long as each page is worth to them."""
    visit = _come(link, at, facts)
    until, number = 0, 0
    for item in link.items:
        pages = page_count(link, item)
        for page in range(1, rng.randint(1, pages) + 1):
            start, until = until, until + round(1000 * rng.lognormvariate(2.2, 0.9)) + 400
            seen = ["s", item.position, page, start, until]
            events = [["n", until], seen, *_moves(rng, start, until)]
            moment = at + until * SECOND / 1000
            row = Beacon(visit_id=visit.id, number=number, at=moment, events=events)
            db.session.add(row)
            number += 1
    visit.last_at, visit.reports = at + until * SECOND / 1000, number
    return visit


def _moves(rng: Random, start: int, until: int) -> Sequence[list[Any]]:
    times = sorted(rng.randint(start, until) for _ in range(3))
    return [["i", moment, "touch", 1] for moment in times]
