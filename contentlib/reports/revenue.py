"""Loads won deals and their touches and answers which content revenue is credited to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db
from contentlib.core.instants import Instant
from contentlib.deals.models import Deal, Outcome, Retro
from contentlib.deals.wins import in_time
from contentlib.library.models import Asset
from contentlib.reports.credit import Ledger, WonDeals, linear_unique
from contentlib.reports.periods import Period
from contentlib.usage.columns import pairs, told_of
from contentlib.usage.ledger import counted
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import not_retracted


@dataclass(frozen=True)
class Scope:
    """What a report is about: days, currency, the grade from which an event is use, and filters."""

    period: Period
    currency: str
    grade: int
    team: int = 0
    pipeline: int = 0


@dataclass(frozen=True)
class Coverage:
    """Of the value of closed deals, how much has a retro; `missing` counts deals without."""

    answered: int
    total: int
    missing: int


class Brief(NamedTuple):
    """What a table says of an asset."""

    id: int
    external_id: str | None
    title: str
    type_id: int


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


def won_deals(scope: Scope) -> WonDeals:
    """Return the won deals of the period with the distinct assets that touched each."""
    wanted = select(Deal.id, Deal.amount_minor, Instant(Deal.closed_at))
    deals, amounts, closes = whole_numbers(wanted.where(*closed_in(scope, Outcome.WON))).T
    events = in_time(counted(), deals, closes)
    touches = events.where(events.grade >= scope.grade)
    places = told_of(touches.deal, deals, np.arange(len(deals)), otherwise=-1)
    return WonDeals(amounts, *pairs(places, touches.asset))


def ledger(scope: Scope) -> Ledger:
    """Return the credit of the period by the linear-unique model."""
    return linear_unique(won_deals(scope))


def booked(scope: Scope) -> tuple[int, int]:
    """Return the sum and the number of the won deals of the period."""
    return _value(*closed_in(scope, Outcome.WON))


def coverage(scope: Scope) -> Coverage:
    """Return how much of the closed value, won and lost, has a retro that stands."""
    closed = closed_in(scope, Outcome.WON, Outcome.LOST)
    total, deals = _value(*closed)
    with_retro = select(Retro.deal_id).where(Retro.voided_at.is_(None))
    answered, answers = _value(*closed, Deal.id.in_(with_retro))
    return Coverage(answered=answered, total=total, missing=deals - answers)


def _value(*conditions: Any) -> tuple[int, int]:
    """Return the sum of the amounts of some deals, and how many they are."""
    row = db.session.execute(
        select(func.coalesce(func.sum(Deal.amount_minor), 0), func.count(Deal.id)).where(
            *conditions
        )
    ).one()
    return int(row[0]), row[1]


def currencies() -> list[str]:
    """Return the currencies in which deals were won, the most frequent first."""
    rows = db.session.execute(
        select(Deal.currency)
        .where(Deal.outcome == Outcome.WON)
        .group_by(Deal.currency)
        .order_by(func.count(Deal.id).desc())
    )
    return [currency for (currency,) in rows]


def briefs(ids: Iterable[int]) -> list[Brief]:
    """Return what a table says of the assets of a ledger, whatever became of them since."""
    wanted = set(ids)
    rows = db.session.execute(select(Asset.id, Asset.external_id, Asset.title, Asset.type_id))
    return [Brief._make(row) for row in rows if row[0] in wanted]


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
