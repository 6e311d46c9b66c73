"""The figures of the report on use: those on top, and those of each material in a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, and_, func, select

from contentlib.accounts.models import User
from contentlib.core.clock import start_of_day
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.wins import before_close
from contentlib.library.models import Asset
from contentlib.library.standing import Standing, standing_of
from contentlib.reports.periods import Period
from contentlib.reports.use_scope import (
    UseScope,
    by_seller,
    chosen,
    countable,
    happened,
    is_use,
    of_any_grade,
    recorded,
    sells,
    taken_back,
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
    other = replace(scope, period=period)
    counted = select(func.count()).select_from(UsageEvent).where(*recorded(other))
    return _number(counted, scope) - _number(taken_back(other), scope)


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
    statement = statement.where(is_use(scope))
    if scope.type:
        kept = select(Asset.id).where(*chosen(scope))
        statement = statement.where(UsageEvent.asset_id.in_(kept))
    return db.session.scalar(statement) or 0


def lines(scope: UseScope, ids: Sequence[int]) -> list[Line]:
    """Return materials with their figures in the given order, in six statements for them all."""
    assets = {row.id: row for row in db.session.scalars(select(Asset).where(Asset.id.in_(ids)))}
    grades, reach = _grades(scope, ids), _by_asset(_reach(scope, ids))
    weeks, last = _weeks(scope, ids), _last(scope, ids)
    lines = []
    for asset_id in ids:
        events = grades.get(asset_id, {})
        counts = [events.get(grade, 0) for grade in Grade]
        sellers, deals, closed, won = reach.get(asset_id, (0, 0, 0, 0))
        lines.append(
            Line(
                asset=assets[asset_id],
                standing=standing_of(assets[asset_id], scope.day),
                grades=counts,
                uses=sum(counts[scope.grade - 1 :]),
                sellers=sellers,
                deals=deals,
                won=won,
                closed=closed,
                weeks=weeks.get(asset_id, (0,) * WEEKS),
                last_use=last[asset_id],
            )
        )
    return lines


def _by_asset(statement: Select[Any]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in db.session.execute(statement)}


def _grades(scope: UseScope, ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Return the events of each material by grade, in the order in which the index has them."""
    columns = (UsageEvent.asset_id, UsageEvent.grade)
    of_these = (UsageEvent.asset_id.in_(ids), of_any_grade())
    counted = select(*columns, func.count()).where(*of_these, *recorded(scope)).group_by(*columns)
    found: dict[int, dict[int, int]] = {}
    for asset_id, grade, number in db.session.execute(counted):
        found.setdefault(asset_id, {})[grade] = number
    for asset_id, grade, number in db.session.execute(taken_back(scope, *columns)):
        if asset_id in found:
            found[asset_id][grade] -= number
    return found


def _reach(scope: UseScope, ids: Sequence[int]) -> Select[Any]:
    """Count the sellers and deals of each material's uses, and of the deals those over and won."""
    decided = and_(*before_close())
    closed: Any = func.count(Deal.id.distinct())
    columns: list[Any] = [
        UsageEvent.asset_id,
        func.count(UsageEvent.actor_id.distinct()).filter(by_seller()),
        func.count(UsageEvent.deal_id.distinct()),
        closed.filter(decided),
        closed.filter(decided, Deal.outcome == Outcome.WON),
    ]
    return (
        select(*columns)
        .outerjoin(Deal, Deal.id == UsageEvent.deal_id)
        .where(UsageEvent.asset_id.in_(ids), *happened(scope), is_use(scope))
        .group_by(UsageEvent.asset_id)
    )


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
