"""The events of a report on use, counted by material: arrays in which a material's id is its place.

`size` is always one more than the highest id that is asked about.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db
from contentlib.core.instants import Instant, instant
from contentlib.deals.models import Deal, Outcome
from contentlib.reports.use_scope import UseScope, sells
from contentlib.usage.columns import NEVER, Columns, Mask, among, distinct
from contentlib.usage.ledger import counted
from contentlib.usage.models import Grade

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Happened:
    """The events of a scope's team that count, or of some materials only."""

    scope: UseScope
    ever: Columns

    @cached_property
    def seen(self) -> Columns:
        """Return the events of the period, of any grade."""
        period = self.scope.period
        return self.ever.between(period.start, period.end)

    @cached_property
    def uses(self) -> Columns:
        """Return those of the period whose evidence is strong enough to be called use."""
        return self.strong(self.seen)

    def strong(self, events: Columns) -> Columns:
        """Return the events whose evidence is strong enough to be called use."""
        every = self.scope.grade <= Grade.OPENED
        return events if every else events.where(events.grade >= self.scope.grade)


def happened(scope: UseScope, assets: list[int] | None = None) -> Happened:
    """Return what happened with all materials or some of them."""
    events = counted()
    if assets is not None:
        events = events.where(among(events.asset, assets))
    if scope.team:
        people = select(User.id).where(User.team_id == scope.team)
        events = events.where(among(events.actor, db.session.scalars(people)))
    return Happened(scope, events)


def by_asset(events: Columns, size: int) -> Counts:
    """Count events by material."""
    return np.bincount(events.asset, minlength=size)


def by_grade(events: Columns, size: int) -> Counts:
    """Count events by material and grade: a row for each material, from E1 to E5."""
    cells = events.asset.astype(np.int64) * len(Grade) + (events.grade - 1)
    return np.bincount(cells, minlength=size * len(Grade)).reshape(-1, len(Grade))


def by_span(events: Columns, edges: list[datetime], size: int) -> Counts:
    """Count events by material and by the span from one edge until just before the next."""
    spans = len(edges) - 1
    span = np.searchsorted([instant(edge) for edge in edges], events.at, side="right") - 1
    inside = (span >= 0) & (span < spans)
    cells = events.asset[inside].astype(np.int64) * spans + span[inside]
    return np.bincount(cells, minlength=size * spans).reshape(-1, spans)


def sellers_by_asset(events: Columns, size: int) -> Counts:
    """Count the people who sell behind each material's events."""
    people = db.session.scalars(select(User.id).where(sells()))
    theirs = events.where(among(events.actor, people))
    return distinct(theirs.asset, theirs.actor, size)


def deals_by_asset(events: Columns, size: int) -> Counts:
    """Count the deals behind each material's events."""
    on_deals = events.where(events.deal > 0)
    return distinct(on_deals.asset, on_deals.deal, size)


def last_by_asset(events: Columns, size: int) -> Counts:
    """Return when each material's last event happened, in microseconds, or NEVER."""
    last = np.full(max(size, 1 + int(events.asset.max(initial=0))), NEVER)
    np.maximum.at(last, events.asset, events.at)
    return last


@dataclass(frozen=True)
class Closed:
    """Closed deals: their ids, when each closed, in microseconds, and whether it was won."""

    deals: Counts
    at: Counts
    won: Mask

    def on_won(self, events: Columns) -> Columns:
        """Return the events on deals that were won."""
        return events.where(among(events.deal, self.deals[self.won]))


def closed_since(moment: datetime) -> Closed:
    """Return the deals closed at a moment or later."""
    wanted = select(Deal.id, Instant(Deal.closed_at), Deal.outcome == Outcome.WON)
    table = whole_numbers(wanted.where(Deal.outcome != Outcome.OPEN, Deal.closed_at >= moment))
    return Closed(table[:, 0], table[:, 1], table[:, 2] > 0)
