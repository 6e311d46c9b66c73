"""Putting together what is known of visits, from the rows they left, for a verdict."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contentlib.core.db import db
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits import classify, reporting
from contentlib.sharing.visits.evidence import Asked, Evidence, Verdict
from contentlib.sharing.visits.models import Beacon, Hit, Visit
from contentlib.sharing.visits.readers import Caller
from contentlib.sharing.visits.reading_time import Reading, fold

NEARBY = timedelta(seconds=5)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Judged:
    """A visit with what its reports come to, who it was, and how it called."""

    visit: Visit
    reading: Reading
    verdict: Verdict
    caller: Caller
    images: frozenset[int]


def judged(visits: Iterable[Visit]) -> list[Judged]:
    """Judge visits by all that is known of them at this moment; nothing is written."""
    rows = list(visits)
    hits, beacons = _hits(rows), _beacons(rows)
    return [_judged(visit, hits[visit.id], beacons[visit.id]) for visit in rows]


def load(ids: Iterable[int]) -> Sequence[Visit]:
    """Return visits with their links and what those hold; a bare one is judged by nobody."""
    return db.session.scalars(
        select(Visit)
        .where(Visit.id.in_(list(ids)), Visit.is_bare.is_(False))
        .options(selectinload(Visit.link).selectinload(ShareLink.items))
        .order_by(Visit.started_at, Visit.id)
    ).all()


def _judged(visit: Visit, hits: Sequence[Hit], beacons: Sequence[Beacon]) -> Judged:
    reading = fold(
        reporting.told(row.number, _since(visit, row.at) // MILLISECOND, row.events)
        for row in beacons
    )
    evidence = Evidence(
        asked=[
            Asked(_since(visit, hit.at).total_seconds(), hit.what, hit.page, hit.facts)
            for hit in hits
        ],
        reading=reading,
        since_sent=_since_sent(visit),
        networks=_networks(visit),
        who=_who(visit),
        verified=visit.email is not None,
    )
    facts = hits[0].facts if hits else {}
    return Judged(
        visit,
        reading,
        classify.judge(evidence),
        Caller(
            visit.id, visit.visitor, facts.get("agent", ""), facts.get("network", ""), visit.email
        ),
        frozenset(hit.position for hit in hits if hit.page and hit.position is not None),
    )


def _since(visit: Visit, moment: object) -> timedelta:
    return max(moment - visit.started_at, timedelta())  # type: ignore[operator]


def _since_sent(visit: Visit) -> float | None:
    sent = visit.link.sent_at
    return None if sent is None else (visit.started_at - sent).total_seconds()


def _who(visit: Visit) -> str:
    if visit.user_id is None:
        return ""
    return "maker" if visit.user_id == visit.link.by_id else "colleague"


def _networks(visit: Visit) -> int:
    """Count the networks from which the link was asked for within seconds of a visit's start."""
    near = select(Hit.facts).where(
        Hit.link_id == visit.link_id,
        Hit.at.between(visit.started_at - NEARBY, visit.started_at + NEARBY),
    )
    networks = {facts.get("network") for facts in db.session.scalars(near)}
    return len(networks - {None, ""})


def _hits(visits: Sequence[Visit]) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = defaultdict(list)
    ids = [visit.id for visit in visits]
    rows = select(Hit).where(Hit.visit_id.in_(ids)).order_by(Hit.at, Hit.id)
    for hit in db.session.scalars(rows):
        found[hit.visit_id or 0].append(hit)
    return found


def _beacons(visits: Sequence[Visit]) -> dict[int, list[Beacon]]:
    found: dict[int, list[Beacon]] = defaultdict(list)
    ids = [visit.id for visit in visits]
    rows = select(Beacon).where(Beacon.visit_id.in_(ids)).order_by(Beacon.number)
    for beacon in db.session.scalars(rows):
        found[beacon.visit_id].append(beacon)
    return found
