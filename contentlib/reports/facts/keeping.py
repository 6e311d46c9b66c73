"""Keeping the months, some at a time: building what is missing, mending what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, select

from contentlib.core.clock import local_day
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.reports.facts.changes import changed_since, mark_now
from contentlib.reports.facts.columns import DEAL, NONE, Facts, packed, unpacked
from contentlib.reports.facts.models import ClosedMonth, RollupMark
from contentlib.reports.facts.months import AT_ONCE, CLOSED, facts_of
from contentlib.reports.facts.reading import read
from contentlib.reports.facts.restating import restate
from contentlib.reports.periods import Period, calendar_period, months_between

Key = tuple[date, Outcome]
MOST_AT_ONCE = 6
"""Months, won and lost apart, written in one transaction: on SQLite, others wait meanwhile."""


@dataclass(frozen=True)
class Portion:
    """Months that are to be kept as they are now; `left` more were not looked at yet.

    `begins` forgets what is kept. What was over by `reported_until` was reported, so that what is
    told otherwise of it is written down; a month that still runs is expected to change.
    """

    mark: RollupMark
    facts: Mapping[Key, Facts] = field(default_factory=dict)
    left: int = 0
    begins: bool = False
    reported_until: datetime | None = None

    def keep(self) -> None:
        """Keep these months, and say what has changed in those that were reported before."""
        if self.begins:
            db.session.execute(delete(ClosedMonth))
        for (month, outcome), told in self.facts.items():
            if self.was_reported(month):
                restate(month, kept(month)[month, outcome], told)
            _keep(month, outcome, told)
        db.session.merge(self.mark)
        db.session.flush()

    def was_reported(self, month: date) -> bool:
        """Tell whether a month was over when all months were kept last."""
        until = self.reported_until
        return until is not None and calendar_period("month", month, self.mark.zone).end <= until


def next_portion(zone: str, *, anew: bool = False) -> Portion:
    """Read what is to be kept next; `anew` begins with the first month, whatever is kept."""
    last, ahead = db.session.get(RollupMark, 1), mark_now(zone)
    if anew or last is None or last.zone != zone:
        left = len(months_with_deals(zone))
        return Portion(ahead if left else _whole(ahead), left=left, begins=True)
    if last.is_whole:
        facts, left = _different(_stale(changed_since(last), zone))
        return Portion(_whole(last if left else ahead), facts, left, reported_until=last.changed_at)
    # What was written meanwhile is looked for since before the first month was read.
    facts, left = _different(_missing(zone))
    return Portion(last if left else _whole(last), facts, left)


def _whole(mark: RollupMark) -> RollupMark:
    return RollupMark(
        id=1,
        changed_at=mark.changed_at,
        event_id=mark.event_id,
        zone=mark.zone,
        is_whole=True,
    )


def months_with_deals(zone: str) -> list[Period]:
    """Return the months from the first to the last in which a deal closed."""
    ends = select(func.min(Deal.closed_at), func.max(Deal.closed_at))
    first, last = db.session.execute(ends).one()
    if first is None or last is None:
        return []
    return months_between(local_day(first, zone), local_day(last, zone), zone)


def month_as_it_is(month: Period) -> dict[Key, Facts]:
    """Read a month from the rows themselves, the won deals and the lost ones."""
    within = (Deal.closed_at >= month.start, Deal.closed_at < month.end)
    return {(month.first, outcome): read(Deal.outcome == outcome, *within) for outcome in CLOSED}


def kept(month: date) -> dict[Key, Facts]:
    """Return a month as it is kept."""
    found: dict[Key, Facts] = {}
    for outcome in CLOSED:
        row = db.session.execute(
            select(ClosedMonth.deals, ClosedMonth.touches, ClosedMonth.stays).where(
                ClosedMonth.month == month, ClosedMonth.outcome == outcome
            )
        ).first()
        found[month, outcome] = facts_of(row) if row else NONE
    return found


def _different(months: Sequence[Period]) -> tuple[dict[Key, Facts], int]:
    """Return the first months that are not kept as they are, and how many were not looked at."""
    found: dict[Key, Facts] = {}
    for place, month in enumerate(months, start=1):
        before, told = kept(month.first), month_as_it_is(month)
        found |= {key: facts for key, facts in told.items() if not facts.says(before[key])}
        if len(found) >= MOST_AT_ONCE:
            return found, len(months) - place
    return found, 0


def _missing(zone: str) -> list[Period]:
    """Return the months that were not built yet: they are built in their order."""
    last = db.session.scalar(select(func.max(ClosedMonth.month)))
    return [month for month in months_with_deals(zone) if last is None or month.first > last]


def _stale(changed: NDArray[np.int64], zone: str) -> list[Period]:
    """Return the months in which some deals closed, as they are kept or as they are now."""
    rows = db.session.execute(select(ClosedMonth.month, ClosedMonth.deals))
    months = {month for month, deals in rows if np.isin(unpacked(deals, DEAL)["id"], changed).any()}
    for first in range(0, len(changed), AT_ONCE):
        some = Deal.id.in_(changed[first : first + AT_ONCE].tolist())
        closed = db.session.scalars(select(Deal.closed_at).where(some))
        months |= {local_day(at, zone).replace(day=1) for at in closed if at is not None}
    return [calendar_period("month", month, zone) for month in sorted(months)]


def _keep(month: date, outcome: Outcome, told: Facts) -> None:
    there = (ClosedMonth.month == month, ClosedMonth.outcome == outcome)
    db.session.execute(delete(ClosedMonth).where(*there))
    if not len(told.deals):
        return
    db.session.add(
        ClosedMonth(
            month=month,
            outcome=outcome,
            deals=packed(told.deals),
            touches=packed(told.touches),
            stays=packed(told.stays),
        )
    )
    db.session.flush()
