"""Taking a report in: kept once whatever happens on its way, refused where it cannot be true.

This is the path that a hundred reports a second take. It looks its visit up in one question,
without a lock, and what arrives together is then written together (`tray.py`). Nothing is worked
out here; what the reports come to is worked out later, for a whole visit at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, TooMany
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits import reporting
from contentlib.sharing.visits.models import Beacon, Refusal, Visit
from contentlib.sharing.visits.waking import AFTER_REPORT, ask, is_soon_enough

# An honest page reports every ten seconds; tabs and reloads of one visit share this.
AT_ONCE, A_SECOND = 600, 50


@dataclass(frozen=True)
class Sender:
    """The visit that a report claims to be of, and the places of the materials of its link."""

    visit_id: int
    started_at: datetime
    reports: int
    judge_at: datetime | None
    # Its visitor objects to being told apart as a reader, since when its page was drawn or before.
    is_bare: bool
    positions: range


# The materials of a link stand at places that follow each other.
_FIRST, _LAST = (
    select(edge(ShareItem.position)).where(ShareItem.link_id == Visit.link_id).scalar_subquery()
    for edge in (func.min, func.max)
)
_SENDER = (
    select(
        *(Visit.id, Visit.started_at, Visit.reports, Visit.judge_at),
        or_(Visit.is_bare, ShareLink.is_unrecorded),
        _FIRST,
        _LAST,
    )
    .join(ShareLink, ShareLink.id == Visit.link_id)
    .where(Visit.key == bindparam("key"), ShareLink.token_hash == bindparam("token_hash"))
)


def sender_of(key: Any, *, token_hash: str) -> Sender:
    """Return the visit of a key by the link of a token; both must be right."""
    named = {"key": key if isinstance(key, str) else "", "token_hash": token_hash}
    row = db.session.execute(_SENDER, named).first()
    if row is None:
        raise Absent
    visit_id, started_at, reports, judge_at, is_bare, first, last = row
    positions = range(first or 0, (last or 0) + 1)
    return Sender(visit_id, started_at, reports, judge_at, bool(is_bare), positions)


@dataclass(frozen=True)
class Taken:
    """A report to keep: the row of it, and when its visit is to be judged, if not soon anyway."""

    row: Mapping[str, Any]
    judge_at: datetime | None


def take(sender: Sender, body: Any) -> Taken:
    """Read a report that came just now; raises `reporting.Refused` where it cannot be true."""
    moment = now()
    arrived = max((moment - sender.started_at) // timedelta(milliseconds=1), 0)
    if sender.reports > AT_ONCE + A_SECOND * arrived / 1000:
        raise TooMany(N_("Too many attempts. Wait a few minutes and try again."))
    report = reporting.read(body, arrived=arrived, positions=sender.positions)
    row = {"visit_id": sender.visit_id, "number": report.number, "at": moment}
    look = moment if report.ended else moment + AFTER_REPORT
    waits = is_soon_enough(sender.judge_at, look)
    return Taken(row | {"events": reporting.kept(report)}, None if waits else look)


def keep(taken: Sequence[Taken]) -> None:
    """Keep reports, each once, whatever was kept before."""
    db.session.execute(_keep(_dialect()), [dict(one.row) for one in taken])
    for one in taken:
        visit_id = one.row["visit_id"]
        seen = {"last_at": one.row["at"], "reports": Visit.reports + 1}
        if one.judge_at is not None:
            seen["judge_at"] = one.judge_at
            ask(visit_id, one.judge_at)
        changed = update(Visit).where(Visit.id == visit_id).values(seen)
        db.session.execute(changed, execution_options={"synchronize_session": False})
    db.session.flush()


def count_refusal(sender: Sender, reason: str) -> None:
    """Count a report that was refused."""
    statement = _insert(_dialect())(Refusal.__table__).values(
        visit_id=sender.visit_id, reason=reason, times=1
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["visit_id", "reason"], set_={"times": Refusal.times + 1}
        )
    )


@cache
def _keep(dialect: str) -> Any:
    """Return the insertion of a report, which leaves alone the one that is there already."""
    return _insert(dialect)(Beacon.__table__).on_conflict_do_nothing()


def _insert(dialect: str) -> Any:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def _dialect() -> str:
    return db.session.get_bind().dialect.name
