"""What the report on use is about, and the conditions that follow from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, select

from contentlib.accounts.models import Role, User
from contentlib.core.clock import start_of_day
from contentlib.library.models import Asset
from contentlib.library.standing import Standing, standing_expression, visible_to
from contentlib.reports.periods import Period
from contentlib.usage.models import Grade, UsageEvent, UsageRetraction
from contentlib.usage.queries import not_retracted

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class UseScope:
    """Days, the grade from which an event is use, when a material is unused, and filters.

    `day` is today in the firm's zone. Team and type are row ids, 0 means any.
    """

    period: Period
    grade: int
    day: date
    live_days: int
    window_days: int
    team: int = 0
    type: int = 0

    @property
    def window_start(self) -> datetime:
        """Return the moment from which use keeps a material from being unused."""
        return start_of_day(self.day - timedelta(days=self.window_days - 1), self.period.zone)

    @property
    def settled_before(self) -> datetime:
        """Return the moment before which a material had to be published to be judged at all."""
        return start_of_day(self.day - timedelta(days=self.live_days - 1), self.period.zone)


def happened(scope: UseScope) -> list[Condition]:
    """Return the conditions for the events of the period that count."""
    return [*recorded(scope), not_retracted()]


def recorded(scope: UseScope) -> list[Condition]:
    """Return the conditions for the events of the period, those taken back among them."""
    return [
        UsageEvent.occurred_at >= scope.period.start,
        UsageEvent.occurred_at < scope.period.end,
        *_by_team(scope),
    ]


def taken_back(scope: UseScope, *columns: Any) -> Select[Any]:
    """Count the events of the period that were taken back, by some columns.

    Asking of each event whether it was taken back costs more than counting it, and few were: so
    numbers of events are what was recorded less what was taken back.
    """
    return (
        select(*columns, func.count())
        .select_from(UsageEvent)
        .where(UsageEvent.id.in_(select(UsageRetraction.event_id)), *recorded(scope))
        .group_by(*columns)
    )


def countable(scope: UseScope) -> list[Condition]:
    """Return the conditions for events that count, whenever they happened."""
    return [*_by_team(scope), not_retracted()]


def _by_team(scope: UseScope) -> list[Condition]:
    if not scope.team:
        return []
    return [UsageEvent.actor_id.in_(select(User.id).where(User.team_id == scope.team))]


def is_use(scope: UseScope) -> Condition:
    """Return the condition for evidence that is strong enough to be called use.

    The grades are named one by one, so that an index by material, grade and time serves.
    """
    return UsageEvent.grade.in_([grade for grade in Grade if grade >= scope.grade])


def of_any_grade() -> Condition:
    """Return a condition that every event meets, spelt so that the index by grade serves."""
    return UsageEvent.grade.in_(list(Grade))


def sells() -> Condition:
    """Return the condition for people who sell, as things are today."""
    return and_(User.role == Role.SELLER, User.active.is_(True))


def by_seller() -> Condition:
    """Return the condition for events of people who sell."""
    return UsageEvent.actor_id.in_(select(User.id).where(sells()))


def chosen(scope: UseScope) -> list[Condition]:
    """Return the conditions for the materials that the filters leave."""
    return [Asset.type_id == scope.type] if scope.type else []


def on_air(scope: UseScope) -> Condition:
    """Return the condition for materials that sellers see today."""
    return visible_to(Role.SELLER, scope.day)


def settled(scope: UseScope) -> Condition:
    """Return the condition for materials on air long enough to be judged."""
    return and_(on_air(scope), Asset.published_at < scope.settled_before)


def unused(scope: UseScope) -> Condition:
    """Return the condition for settled materials without any use in the trailing window."""
    uses = select(UsageEvent.id).where(
        UsageEvent.asset_id == Asset.id,
        UsageEvent.occurred_at >= scope.window_start,
        is_use(scope),
        *countable(scope),
    )
    return _if_then(settled(scope), ~uses.exists())


def verified(scope: UseScope) -> Condition:
    """Return the condition for materials on air whose review is not overdue."""
    return standing_expression(scope.day) == Standing.VERIFIED.value


def overdue(scope: UseScope) -> Condition:
    """Return the condition for materials on air whose review is overdue."""
    return standing_expression(scope.day) == Standing.OVERDUE.value


def off_air(scope: UseScope) -> Condition:
    """Return the condition for materials no longer on air that left traces in the period."""
    traces = select(UsageEvent.id).where(
        UsageEvent.asset_id == Asset.id, of_any_grade(), *happened(scope)
    )
    gone = and_(~on_air(scope), Asset.published_at.is_not(None))
    return _if_then(gone, traces.exists())


def _if_then(first: Condition, then: Condition) -> Condition:
    """Return that both hold, with the second asked only where the first does.

    The two sides of AND may be asked in any order, and the second one costs more.
    """
    return case((first, then), else_=false())


def tally(condition: Condition) -> ColumnElement[Any]:
    """Return how many rows meet a condition, 0 where there are none."""
    return func.count().filter(condition)
