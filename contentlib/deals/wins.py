"""On how many won deals a material was used before the close; what it did there nobody can say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select

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


def wins_of(
    asset_ids: Sequence[int], *, start: datetime, end: datetime, grade: int
) -> dict[int, Wins]:
    """Return the wins of some materials among the deals won in a period, in two statements.

    An event is use from a grade of evidence on. The numbers are the firm's, whoever looks.
    """
    won = (Deal.outcome == Outcome.WON, Deal.closed_at >= start, Deal.closed_at < end)
    whole = db.session.scalar(select(func.count(Deal.id)).where(*won)) or 0
    # Asked of each use whether its deal was won, not of each won deal what was used on it: what a
    # page shows has few uses, while a large firm wins thousands of deals a year.
    rows = db.session.execute(
        counting(UsageEvent.asset_id, func.count(Deal.id.distinct()).filter(*won, *before_close()))
        .join(Deal, Deal.id == UsageEvent.deal_id)
        .where(UsageEvent.asset_id.in_(asset_ids))
        # Named one by one, so that the index by material and grade serves.
        .where(UsageEvent.grade.in_([known for known in Grade if known >= grade]))
        .group_by(UsageEvent.asset_id)
    )
    parts = {row[0]: row[1] for row in rows}
    return {asset_id: Wins(parts.get(asset_id, 0), whole) for asset_id in asset_ids}


def in_time(events: Columns, deals: NDArray[np.int64], closes: NDArray[np.int64]) -> Columns:
    """Return the events that were there when their deal was decided.

    `closes` tells when each of some deals closed, in microseconds; those on no such deal are out.
    """
    closed = told_of(events.deal, deals, closes, otherwise=NEVER)
    return events.where(~events.late & (events.at <= closed))


def before_close() -> list[ColumnElement[Any]]:
    """Return the same rule for the database."""
    return [
        Deal.outcome != Outcome.OPEN,
        UsageEvent.late.is_(False),
        UsageEvent.occurred_at <= Deal.closed_at,
    ]
