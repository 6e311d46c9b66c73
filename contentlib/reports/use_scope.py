"""What the report on use is about, and the conditions that follow from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from contentlib.accounts.models import Role, User
from contentlib.core.clock import start_of_day
from contentlib.library.models import Asset
from contentlib.reports.periods import Period
from contentlib.usage.models import Grade, UsageEvent
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
    conditions = [
        UsageEvent.occurred_at >= scope.period.start,
        UsageEvent.occurred_at < scope.period.end,
        not_retracted(),
    ]
    if scope.team:
        team = select(User.id).where(User.team_id == scope.team)
        conditions.append(UsageEvent.actor_id.in_(team))
    return conditions


def is_use(scope: UseScope) -> Condition:
    """Return the condition for evidence that is strong enough to be called use.

    The grades are named one by one, so that an index by material, grade and time serves.
    """
    return UsageEvent.grade.in_([grade for grade in Grade if grade >= scope.grade])


def sells() -> Condition:
    """Return the condition for people who sell, as things are today."""
    return and_(User.role == Role.SELLER, User.active.is_(True))


def by_seller() -> Condition:
    """Return the condition for events of people who sell."""
    return UsageEvent.actor_id.in_(select(User.id).where(sells()))


def chosen(scope: UseScope) -> list[Condition]:
    """Return the conditions for the materials that the filters leave."""
    return [Asset.type_id == scope.type] if scope.type else []
