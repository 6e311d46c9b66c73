"""On how many won deals a material was used before the close; what it did there nobody can say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, bindparam, func, select

from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.usage.columns import NEVER, Columns, told_of
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import counting

# Fewer won deals than these say more about chance than about the material.
FEWEST = 5


@dataclass(frozen=True)
class Wins:
    """Of all deals won in a period, those on which a material was used before."""

    part: int
    whole: int

    @property
    def telling(self) -> bool:
        """Tell whether there are enough of them to name their number."""
        return self.part >= FEWEST


def before_close() -> list[ColumnElement[Any]]:
    """Return the rule for the database: which events were there when their deal was decided."""
    return [
        Deal.outcome != Outcome.OPEN,
        UsageEvent.late.is_(False),
        UsageEvent.occurred_at <= Deal.closed_at,
    ]


_WON = (
    Deal.outcome == Outcome.WON,
    Deal.closed_at >= bindparam("start", type_=Deal.closed_at.type),
    Deal.closed_at < bindparam("end", type_=Deal.closed_at.type),
)
_WHOLE = select(func.count(Deal.id)).where(*_WON)
# Asked of each use whether its deal was won, not of each won deal what was used on it: what a page
# shows has few uses, while a large firm wins thousands of deals a year.
_PARTS = (
    counting(UsageEvent.asset_id, func.count(Deal.id.distinct()).filter(*_WON, *before_close()))
    .join(Deal, Deal.id == UsageEvent.deal_id)
    .where(UsageEvent.asset_id.in_(bindparam("assets", expanding=True)))
    .where(UsageEvent.grade.in_(bindparam("grades", expanding=True)))
    .group_by(UsageEvent.asset_id)
)


def wins_of(
    asset_ids: Sequence[int], *, start: datetime, end: datetime, grade: int
) -> dict[int, Wins]:
    """Return the wins of some materials among the deals won in a period, in two statements or one.

    An event is use from a grade of evidence on. The numbers are the firm's, whoever looks.
    """
    times = {"start": start, "end": end}
    # Named one by one, so that the index by material and grade serves.
    grades = [known for known in Grade if known >= grade]
    rows = db.session.execute(_PARTS, times | {"assets": asset_ids, "grades": grades})
    parts = {row[0]: row[1] for row in rows}
    # Where nothing was used on any of them, nobody needs to know how many there were.
    whole = (db.session.scalar(_WHOLE, times) or 0) if any(parts.values()) else 0
    return {asset_id: Wins(parts.get(asset_id, 0), whole) for asset_id in asset_ids}


def in_time(events: Columns, deals: NDArray[np.int64], closes: NDArray[np.int64]) -> Columns:
    """Return the events that meet the same rule.

    `closes` tells when each of some deals closed, in microseconds; those on no such deal are out.
    """
    closed = told_of(events.deal, deals, closes, otherwise=NEVER)
    return events.where(~events.late & (events.at <= closed))
