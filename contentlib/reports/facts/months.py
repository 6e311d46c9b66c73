"""Closed deals kept by month as columns, and the same as it is now: what reports of money read.

A month is only read again when one of its deals has changed. Until then a report takes the month as
it is kept and reads those few deals anew, so that it is never behind and never slow.
"""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, select

from contentlib.core.clock import local_day
from contentlib.core.db import db
from contentlib.core.instants import instant
from contentlib.deals.models import Deal, Outcome
from contentlib.reports.facts.changes import changed_since
from contentlib.reports.facts.columns import (
    DEAL,
    STAY,
    TOUCH,
    Facts,
    together,
    unpacked,
)
from contentlib.reports.facts.models import ClosedMonth, RollupMark
from contentlib.reports.facts.reading import read

CLOSED = (Outcome.WON, Outcome.LOST)
AT_ONCE = 500
"""Deals named in one statement."""


def closed_between(
    start: datetime, end: datetime, *, zone: str, outcomes: Iterable[Outcome] = CLOSED
) -> Facts:
    """Return the deals that closed from a moment until just before another, as they are now."""
    chosen = tuple(outcomes)
    within = (Deal.closed_at >= start, Deal.closed_at < end, Deal.outcome.in_(chosen))
    mark = db.session.get(RollupMark, 1)
    if mark is None or mark.zone != zone or not mark.is_whole:
        return read(*within)
    changed = changed_since(mark)
    first, last = local_day(start, zone).replace(day=1), local_day(end, zone)
    kept = together([facts_of(row) for row in _kept(first, last, chosen)])
    closed = kept.deals["closed"]
    held = (closed >= instant(start)) & (closed < instant(end))
    stands = held & ~np.isin(kept.deals["id"], changed)
    return together([kept.where(stands), read_deals(changed, *within)])


def facts_of(row: Row[bytes, bytes, bytes]) -> Facts:
    """Return the facts of a month as it is kept."""
    deals, touches, stays = row
    return Facts(unpacked(deals, DEAL), unpacked(touches, TOUCH), unpacked(stays, STAY))


def read_deals(ids: NDArray[np.int64], *within: ColumnElement[bool]) -> Facts:
    """Return the facts of some deals, of those that are closed and meet the conditions."""
    parts = [ids[first : first + AT_ONCE].tolist() for first in range(0, len(ids), AT_ONCE)]
    return together([read(Deal.id.in_(part), *within) for part in parts])


def _kept(first: date, last: date, outcomes: tuple[Outcome, ...]) -> list[Row[bytes, bytes, bytes]]:
    """Return the months that begin from one day to another."""
    rows = select(ClosedMonth.deals, ClosedMonth.touches, ClosedMonth.stays).where(
        ClosedMonth.month.between(first, last), ClosedMonth.outcome.in_(outcomes)
    )
    return list(db.session.execute(rows))
