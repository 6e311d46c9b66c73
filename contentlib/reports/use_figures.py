"""The figures of the report on use: those on top, and those of each material in a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, func, select

from contentlib.accounts.models import User
from contentlib.core.clock import start_of_day
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.library.models import Asset
from contentlib.library.standing import Standing, standing_of
from contentlib.reports.periods import Period
from contentlib.reports.use_scope import (
    Condition,
    UseScope,
    by_seller,
    chosen,
    countable,
    happened,
    is_use,
    of_any_grade,
    sells,
    tally,
)
from contentlib.usage.models import Grade, UsageEvent

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
    counted = select(func.count()).select_from(UsageEvent)
    return _number(counted.where(*happened(replace(scope, period=period)), is_use(scope)), scope)


def reached_sellers(scope: UseScope) -> int:
    """Return how many active sellers took or sent anything in the period."""
    took = select(UsageEvent.id).where(
        UsageEvent.actor_id == User.id, *happened(scope), UsageEvent.grade >= Grade.TAKEN
    )
    if scope.type:
        took = took.where(UsageEvent.asset_id.in_(select(Asset.id).where(*chosen(scope))))
    return db.session.scalar(_sellers(scope).where(took.exists())) or 0


def active_sellers(scope: UseScope) -> int:
    """Return how many active sellers there are."""
    return db.session.scalar(_sellers(scope)) or 0


def _sellers(scope: UseScope) -> Select[Any]:
    people = select(func.count(User.id)).where(sells())
    return people.where(User.team_id == scope.team) if scope.team else people


def _number(statement: Select[Any], scope: UseScope) -> int:
    if scope.type:
        kept = select(Asset.id).where(*chosen(scope))
        statement = statement.where(UsageEvent.asset_id.in_(kept))
    return db.session.scalar(statement) or 0


def lines(scope: UseScope, ids: Sequence[int]) -> list[Line]:
    """Return materials with their figures in the given order, in five statements for them all."""
    of_these = UsageEvent.asset_id.in_(ids)
    assets = {row.id: row for row in db.session.scalars(select(Asset).where(Asset.id.in_(ids)))}
    counts = _by_asset(_counts(scope, of_these))
    deals = _by_asset(_deals(scope, of_these))
    weeks, last = _weeks(scope, ids), _last(scope, ids)
    lines = []
    for asset_id in ids:
        *grades, sellers, touched = counts.get(asset_id, (0,) * 7)
        won, closed = deals.get(asset_id, (0, 0))
        lines.append(
            Line(
                asset=assets[asset_id],
                standing=standing_of(assets[asset_id], scope.day),
                grades=grades,
                uses=sum(grades[scope.grade - 1 :]),
                sellers=sellers,
                deals=touched,
                won=won,
                closed=closed,
                weeks=weeks.get(asset_id, (0,) * WEEKS),
                last_use=last[asset_id],
            )
        )
    return lines


def _by_asset(statement: Select[Any]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in db.session.execute(statement)}


def _counts(scope: UseScope, of_these: Condition) -> Select[Any]:
    return (
        select(
            UsageEvent.asset_id,
            *(tally(UsageEvent.grade == grade) for grade in Grade),
            func.count(UsageEvent.actor_id.distinct()).filter(is_use(scope), by_seller()),
            func.count(UsageEvent.deal_id.distinct()).filter(is_use(scope)),
        )
        .where(of_these, of_any_grade(), *happened(scope))
        .group_by(UsageEvent.asset_id)
    )


def _deals(scope: UseScope, of_these: Condition) -> Select[Any]:
    closed: Any = func.count(Deal.id.distinct())
    return (
        select(UsageEvent.asset_id, closed.filter(Deal.outcome == Outcome.WON), closed)
        .join(Deal, Deal.id == UsageEvent.deal_id)
        .where(of_these, *happened(scope), is_use(scope), *before_close())
        .group_by(UsageEvent.asset_id)
    )


def before_close() -> list[Condition]:
    """Return the conditions for uses that were there when their deal was decided."""
    return [
        Deal.outcome != Outcome.OPEN,
        UsageEvent.late.is_(False),
        UsageEvent.occurred_at <= Deal.closed_at,
    ]


def _weeks(scope: UseScope, ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the uses of each of the last twelve weeks, as differences of running counts."""
    *starts, end = week_edges(scope.day, scope.period.zone)
    since = [tally(UsageEvent.occurred_at >= start) for start in starts]
    statement = (
        select(UsageEvent.asset_id, *since)
        .where(
            UsageEvent.asset_id.in_(ids),
            UsageEvent.occurred_at >= starts[0],
            UsageEvent.occurred_at < end,
            is_use(scope),
            *countable(scope),
        )
        .group_by(UsageEvent.asset_id)
    )
    return {
        asset_id: [count - later for count, later in pairwise([*running, 0])]
        for asset_id, running in _by_asset(statement).items()
    }


def week_edges(day: date, zone: str) -> list[datetime]:
    """Return where the last twelve weeks begin and end, the last one ending with a day."""
    days = range(7 * WEEKS - 1, -2, -7)
    return [start_of_day(day - timedelta(days=back), zone) for back in days]


def _last(scope: UseScope, ids: Sequence[int]) -> dict[int, datetime | None]:
    """Return the last use of each material, looked up grade by grade at the end of an index."""
    lasts = [
        select(UsageEvent.occurred_at)
        .where(UsageEvent.asset_id == Asset.id, UsageEvent.grade == grade, *countable(scope))
        .order_by(UsageEvent.occurred_at.desc())
        .limit(1)
        .correlate(Asset)
        .scalar_subquery()
        for grade in Grade
        if grade >= scope.grade
    ]
    columns: list[Any] = [Asset.id, *lasts]
    found = _by_asset(select(*columns).where(Asset.id.in_(ids)))
    return {
        asset_id: max((moment for moment in moments if moment), default=None)
        for asset_id, moments in found.items()
    }
