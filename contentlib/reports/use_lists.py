"""The lists of the report on use: which materials each holds, in which order, and how many.

One statement looks at every material once, through an index that begins with the material, so
that nothing has to be sorted by the database; the order is Python's, alike on every database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, false, func, null, select

from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.library.models import Asset
from contentlib.reports.use_scope import (
    Condition,
    UseScope,
    by_seller,
    chosen,
    countable,
    happened,
    is_use,
    of_any_grade,
    off_air,
    on_air,
    overdue,
    recorded,
    settled,
    taken_back,
    unused,
    verified,
)
from contentlib.usage.models import UsageEvent

# Every order a person can choose; a name stands in the address.
ORDERS = ("title", "uses", "events", "sellers", "deals", "last")


class Entry(NamedTuple):
    """A material with the lists it is on, its uses in the period and what it is ordered by."""

    asset_id: int
    on_air: bool
    settled: bool
    unused: bool
    verified: bool
    overdue: bool
    off_air: bool
    uses: int
    value: Any


LISTS: dict[str, Callable[[Entry], bool]] = {
    "all": lambda entry: entry.on_air,
    "unused": lambda entry: entry.unused,
    "verified": lambda entry: entry.verified,
    "overdue": lambda entry: entry.overdue,
    "off-air": lambda entry: entry.off_air,
}


@dataclass(frozen=True)
class Board:
    """All materials that the filters leave, in the order asked for."""

    entries: Sequence[Entry]

    def on(self, name: str) -> list[int]:
        """Return the ids of a list's materials in order."""
        return [entry.asset_id for entry in self.entries if LISTS[name](entry)]

    def count(self, belongs: Callable[[Entry], bool]) -> int:
        """Return how many materials meet a condition."""
        return sum(1 for entry in self.entries if belongs(entry))

    def uses(self, belongs: Callable[[Entry], bool]) -> int:
        """Return the uses of the materials that meet a condition."""
        return sum(entry.uses for entry in self.entries if belongs(entry))


# The same in the database; what a list is ordered by is asked of its own materials only.
CONDITIONS: dict[str, Callable[[UseScope], Condition]] = {
    "all": on_air,
    "unused": unused,
    "verified": verified,
    "overdue": overdue,
    "off-air": off_air,
}


def board(
    scope: UseScope, order: str = "uses", *, descending: bool = True, shown: str = "all"
) -> Board:
    """Look at every material once and put those of the list shown in an order; ties go by id."""
    conditions = (on_air, settled, unused, verified, overdue, off_air)
    flags = [func.coalesce(condition(scope), false()) for condition in conditions]
    uses = _of_asset(select(func.count()), *recorded(scope), is_use(scope))
    value = case((CONDITIONS[shown](scope), _value(scope, order)))
    statement = select(Asset.id, *flags, uses, value).where(*chosen(scope)).order_by(Asset.id)
    entries = _less_taken_back(scope, [Entry._make(row) for row in db.session.execute(statement)])
    return Board(_ordered(entries, MEASURES.get(order, _given), descending=descending))


def _less_taken_back(scope: UseScope, entries: list[Entry]) -> list[Entry]:
    """Return entries whose uses are those that still count."""
    statement = taken_back(scope, UsageEvent.asset_id).where(is_use(scope))
    back = {row[0]: row[1] for row in db.session.execute(statement)}
    return [
        entry._replace(uses=entry.uses - back[entry.asset_id]) if entry.asset_id in back else entry
        for entry in entries
    ]


def _given(entry: Entry) -> Any:
    return entry.value


MEASURES: dict[str, Callable[[Entry], Any]] = {
    "uses": lambda entry: entry.uses,
    "title": lambda entry: None if entry.value is None else fold(entry.value),
}


def _ordered(
    entries: list[Entry], measure: Callable[[Entry], Any], *, descending: bool
) -> list[Entry]:
    """Return entries by a measure, those that have none last."""
    measured = [(measure(entry), entry) for entry in entries]
    known = [pair for pair in measured if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [entry for _, entry in known] + [entry for value, entry in measured if value is None]


def _value(scope: UseScope, order: str) -> ColumnElement[Any]:
    """Return what the materials are ordered by, other than by their uses, which are there."""
    if order == "uses":
        return null()
    if order == "title":
        return Asset.__table__.c.title
    if order == "last":
        last = select(func.max(UsageEvent.occurred_at))
        conditions = [UsageEvent.asset_id == Asset.id, is_use(scope), *countable(scope)]
        return last.where(*conditions).correlate(Asset).scalar_subquery()
    if order == "events":
        return _of_asset(select(func.count()), *happened(scope), of_any_grade())
    if order == "deals":
        deals = select(func.count(UsageEvent.deal_id.distinct()))
        return _of_asset(deals, *happened(scope), is_use(scope))
    sellers = select(func.count(UsageEvent.actor_id.distinct()))
    return _of_asset(sellers, *happened(scope), is_use(scope), by_seller())


def _of_asset(counted: Select[Any], *conditions: Any) -> ColumnElement[Any]:
    return (
        counted.select_from(UsageEvent)
        .where(UsageEvent.asset_id == Asset.id, *conditions)
        .correlate(Asset)
        .scalar_subquery()
    )
