"""What a report of revenue is about, and the rows of the database that it counts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from contentlib.deals.models import Company, Deal, Outcome
from contentlib.deals.queries import company_size
from contentlib.reports.credit import ByPaths, Model
from contentlib.reports.periods import Period
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import not_retracted

MODELS: tuple[Model | ByPaths, ...] = (*Model, *ByPaths)


class Axis(StrEnum):
    """What the lines of a table of credit are."""

    ASSET = "asset"
    TYPE = "type"
    STAGE = "stage"
    PERSONA = "persona"


@dataclass(frozen=True)
class Scope:
    """What a report is about: days, currency, the grade from which an event is use, and filters."""

    period: Period
    currency: str
    grade: int
    team: int = 0
    pipeline: int = 0
    size: str = ""
    model: Model | ByPaths = Model.LINEAR_UNIQUE
    axis: Axis = Axis.ASSET


def closed_in(scope: Scope, *outcomes: Outcome) -> list[Any]:
    """Return the conditions for deals closed in the period with one of some outcomes."""
    conditions: list[Any] = [
        Deal.outcome.in_(outcomes),
        Deal.closed_at >= scope.period.start,
        Deal.closed_at < scope.period.end,
        Deal.currency == scope.currency,
    ]
    if scope.team:
        conditions.append(Deal.team_id == scope.team)
    if scope.pipeline:
        conditions.append(Deal.pipeline_id == scope.pipeline)
    if scope.size:
        sized = select(Deal.id).join(Company, Company.id == Deal.company_id, isouter=True)
        conditions.append(Deal.id.in_(sized.where(company_size() == scope.size)))
    return conditions


def touching(scope: Scope) -> list[Any]:
    """Return the conditions under which an event is a touch of its deal.

    It has enough grade, happened up to the close, was not recorded after it and not taken back.
    The grades are named one by one, so that an index by deal and grade serves.
    """
    return [
        UsageEvent.deal_id == Deal.id,
        UsageEvent.grade.in_([grade for grade in Grade if grade >= scope.grade]),
        UsageEvent.late.is_(False),
        UsageEvent.occurred_at <= Deal.closed_at,
        not_retracted(),
    ]


def deals_behind(scope: Scope, content: str, asset_id: int = 0) -> list[Any]:
    """Return which won deals a figure counts: `all`, `with`, `without`, or those of an asset."""
    touch = select(UsageEvent.id).where(*touching(scope))
    conditions = closed_in(scope, Outcome.WON)
    if asset_id:
        return [*conditions, touch.where(UsageEvent.asset_id == asset_id).exists()]
    if content == "with":
        return [*conditions, touch.exists()]
    if content == "without":
        return [*conditions, ~touch.exists()]
    return conditions
