"""The figures of the report on use: those on top, and those of each material in a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select

from contentlib.accounts.models import User
from contentlib.core.clock import start_of_day
from contentlib.core.db import db
from contentlib.core.instants import moment_of
from contentlib.deals.wins import in_time
from contentlib.library.models import Asset
from contentlib.library.standing import Standing, standing_of
from contentlib.reports.periods import Period
from contentlib.reports.use_counts import (
    by_grade,
    by_span,
    closed_since,
    deals_by_asset,
    happened,
    last_by_asset,
    sellers_by_asset,
)
from contentlib.reports.use_scope import UseScope, chosen, sells
from contentlib.usage.columns import NEVER
from contentlib.usage.models import Grade

WEEKS = 12


@dataclass(frozen=True)
class Line:
    """One material with its figures; `grades` counts events from E1 to E5, `weeks` uses by week.

    Events of a grade in `grades` from the scope's on are `uses`.
    `closed` are deals with a use before their close that are over by now, `won` those of them won.
    """

    asset: Asset
    standing: Standing
    grades: Sequence[int]
    uses: int
    sellers: int
    deals: int
    won: int
    closed: int
    weeks: Sequence[int]
    last_use: datetime | None


def uses_in(scope: UseScope, period: Period) -> int:
    """Return the number of uses in another period."""
    return len(happened(replace(scope, period=period), _kept(scope)).uses)


def reached_sellers(scope: UseScope) -> int:
    """Return how many active sellers took or sent anything in the period."""
    seen = happened(scope, _kept(scope)).seen
    acted = np.flatnonzero(np.bincount(seen.actor[seen.grade >= Grade.TAKEN]))
    return len(set(acted.tolist()).intersection(db.session.scalars(_sellers(scope, User.id))))


def active_sellers(scope: UseScope) -> int:
    """Return how many active sellers there are."""
    return db.session.scalar(_sellers(scope, func.count(User.id))) or 0


def _sellers(scope: UseScope, column: Any) -> Select[Any]:
    people = select(column).where(sells())
    return people.where(User.team_id == scope.team) if scope.team else people


def _kept(scope: UseScope) -> list[int] | None:
    """Return the materials that the filters leave, or nothing where they leave all."""
    if not scope.type:
        return None
    return list(db.session.scalars(select(Asset.id).where(*chosen(scope))))


def lines(scope: UseScope, ids: Sequence[int]) -> list[Line]:
    """Return materials with their figures in the given order."""
    assets = {row.id: row for row in db.session.scalars(select(Asset).where(Asset.id.in_(ids)))}
    size = 1 + max(ids, default=0)
    told = happened(scope, list(ids))
    grades = by_grade(told.seen, size)
    sellers, deals = sellers_by_asset(told.uses, size), deals_by_asset(told.uses, size)
    deals_closed = closed_since(scope.period.start)
    decided = in_time(told.uses, deals_closed.deals, deals_closed.at)
    closed = deals_by_asset(decided, size)
    won = deals_by_asset(deals_closed.on_won(decided), size)
    used = told.strong(told.ever)
    weeks = by_span(used, week_edges(scope.day, scope.period.zone), size)
    last = last_by_asset(used, size)
    return [
        Line(
            asset=assets[asset],
            standing=standing_of(assets[asset], scope.day),
            grades=grades[asset].tolist(),
            uses=int(grades[asset][scope.grade - 1 :].sum()),
            sellers=int(sellers[asset]),
            deals=int(deals[asset]),
            won=int(won[asset]),
            closed=int(closed[asset]),
            weeks=weeks[asset].tolist(),
            last_use=moment_of(int(last[asset])) if last[asset] != NEVER else None,
        )
        for asset in ids
    ]


def week_edges(day: date, zone: str) -> list[datetime]:
    """Return where the last twelve weeks begin and end, the last one ending with a day."""
    days = range(7 * WEEKS - 1, -2, -7)
    return [start_of_day(day - timedelta(days=back), zone) for back in days]
