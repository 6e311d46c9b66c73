"""Taking a report in: kept once whatever happens on its way, refused where it cannot be true.

This is the path that a hundred reports a second take, so it writes one row and one update in a
transaction of its own, and works nothing out; what the reports come to is worked out later.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, TooMany
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits import reporting
from contentlib.sharing.visits.models import Beacon, Refusal, Visit
from contentlib.sharing.visits.waking import AFTER_REPORT, judge_later

# An honest page reports every ten seconds; tabs and reloads of one visit share this.
AT_ONCE, A_SECOND = 600, 50


@dataclass(frozen=True)
class Sender:
    """The visit that a report claims to be of, and the places of the materials of its link."""

    visit: Visit
    positions: frozenset[int]


def sender_of(key: Any, *, token_hash: str) -> Sender:
    """Return the visit of a key by the link of a token; both must be right."""
    visit = db.session.scalars(
        select(Visit)
        .join(ShareLink, ShareLink.id == Visit.link_id)
        .where(Visit.key == (key if isinstance(key, str) else ""))
        .where(ShareLink.token_hash == token_hash)
    ).first()
    if visit is None:
        raise Absent
    positions = select(ShareItem.position).where(ShareItem.link_id == visit.link_id)
    return Sender(visit, frozenset(db.session.scalars(positions)))


def take(sender: Sender, body: Any) -> str | None:
    """Keep a report, once; return why it was refused, if it was."""
    visit, moment = sender.visit, now()
    arrived = (moment - visit.started_at) // timedelta(milliseconds=1)
    if visit.reports > AT_ONCE + A_SECOND * arrived / 1000:
        raise TooMany(N_("Too many attempts. Wait a few minutes and try again."))
    try:
        report = reporting.read(body, arrived=arrived, positions=sender.positions or None)
    except reporting.Refused as refused:
        _count(visit, refused.reason)
        return refused.reason
    row = {"visit_id": visit.id, "number": report.number, "at": moment}
    db.session.execute(
        _insert(Beacon).on_conflict_do_nothing(), [row | {"events": reporting.kept(report)}]
    )
    db.session.execute(
        update(Visit)
        .where(Visit.id == visit.id)
        .values(last_at=moment, reports=Visit.reports + 1)
        .execution_options(synchronize_session=False)
    )
    judge_later(visit, moment if report.ended else moment + AFTER_REPORT)
    db.session.flush()
    return None


def _count(visit: Visit, reason: str) -> None:
    statement = _insert(Refusal).values(visit_id=visit.id, reason=reason, times=1)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["visit_id", "reason"], set_={"times": Refusal.times + 1}
        )
    )


def _insert(row: type[Any]) -> Any:
    """Return an insertion that can tell what to do about a row that is there already."""
    dialect = db.session.get_bind().dialect.name
    make: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Insert = make(row)
    return statement
