"""The lists of the report on use: which materials each holds, in which order, and how many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import false, func, select

from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.library.models import Asset
from contentlib.library.standing import Standing, standing_expression
from contentlib.reports.use_counts import (
    Counts,
    Happened,
    by_asset,
    deals_by_asset,
    happened,
    last_by_asset,
    sellers_by_asset,
)
from contentlib.reports.use_scope import UseScope, chosen, settled
from contentlib.usage.columns import NEVER


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


def board(scope: UseScope, order: str = "uses", *, descending: bool = True) -> Board:
    """Look at every material once and put them in an order; ties go by id."""
    materials = _materials(scope)
    told = happened(scope)
    size = 1 + max((row[0] for row in materials), default=0)
    seen, uses = by_asset(told.seen, size).tolist(), by_asset(told.uses, size).tolist()
    lately = by_asset(told.strong(told.ever.since(scope.window_start)), size).tolist()
    values = _titles() if order == "title" else MEASURES[order](told, size).tolist()
    entries = [
        Entry(
            asset_id=asset,
            on_air=standing in ON_AIR,
            settled=old,
            unused=old and not lately[asset],
            verified=standing == Standing.VERIFIED,
            overdue=standing == Standing.OVERDUE,
            off_air=published and standing not in ON_AIR and seen[asset] > 0,
            uses=uses[asset],
            value=values[asset],
        )
        for asset, standing, published, old in materials
    ]
    return Board(_ordered(entries, descending=descending))


ON_AIR = (Standing.VERIFIED, Standing.OVERDUE)


def _materials(scope: UseScope) -> Sequence[Any]:
    """Return the materials that the filters leave: id, standing, whether published, and settled."""
    old = func.coalesce(settled(scope), false())
    published = Asset.published_at.is_not(None)
    columns: list[Any] = [Asset.id, standing_expression(scope.day), published, old]
    return db.session.execute(select(*columns).where(*chosen(scope)).order_by(Asset.id)).all()


# What materials are ordered by; their titles are no number.
MEASURES: dict[str, Callable[[Happened, int], Counts]] = {
    "uses": lambda told, size: by_asset(told.uses, size),
    "events": lambda told, size: by_asset(told.seen, size),
    "sellers": lambda told, size: sellers_by_asset(told.uses, size),
    "deals": lambda told, size: deals_by_asset(told.uses, size),
    "last": lambda told, size: last_by_asset(told.strong(told.ever), size),
}
# Every order a person can choose; a name stands in the address.
ORDERS = ("title", *MEASURES)


def _titles() -> dict[int, str]:
    rows = db.session.execute(select(Asset.id, Asset.title))
    return {asset: fold(title) for asset, title in rows}


def _ordered(entries: list[Entry], *, descending: bool) -> list[Entry]:
    """Return entries by their values, those that were never used last either way."""
    known = [entry for entry in entries if entry.value != NEVER]
    known.sort(key=lambda entry: entry.value, reverse=descending)
    return known + [entry for entry in entries if entry.value == NEVER]
