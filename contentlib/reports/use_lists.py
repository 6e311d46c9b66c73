"""The lists of the report on use: which materials each holds, in which order, and how many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, literal, select

from contentlib.core.arrays import whole_numbers
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
from contentlib.reports.use_scope import UseScope, chosen
from contentlib.usage.columns import NEVER, Mask

# What a person can choose to see, in this order; a name stands in the address.
LISTS = ("all", "unused", "verified", "overdue", "off-air")


@dataclass(frozen=True)
class Board:
    """All materials that the filters leave, in the order asked for, with their uses in the period.

    `lists` tells of each place whether its material is on a list; "settled" are those on air long
    enough to be judged, and "any" all.
    """

    ids: Counts
    uses: Counts
    lists: Mapping[str, Mask]

    def on(self, name: str) -> list[int]:
        """Return the ids of a list's materials in order."""
        return self.ids[self.lists[name]].tolist()

    def count(self, name: str) -> int:
        """Return how many materials are on a list."""
        return int(self.lists[name].sum())

    def uses_on(self, name: str) -> int:
        """Return the uses of a list's materials."""
        return int(self.uses[self.lists[name]].sum())


def board(scope: UseScope, order: str = "uses", *, descending: bool = True) -> Board:
    """Look at every material once and put them in an order; ties go by id."""
    ids, verified, overdue, published, old = _materials(scope)
    on_air = verified | overdue
    told, size = happened(scope), 1 + int(ids.max(initial=0))
    lately = told.strong(told.ever.since(scope.window_start))
    values = _ranks(size) if order == "title" else MEASURES[order](told, size)
    places = _ordered(values[ids], descending=descending)
    lists = {
        "all": on_air,
        "settled": on_air & old,
        "unused": on_air & old & (by_asset(lately, size)[ids] == 0),
        "verified": verified,
        "overdue": overdue,
        "off-air": published & ~on_air & (by_asset(told.seen, size)[ids] > 0),
        "any": np.ones(len(ids), dtype=np.bool_),
    }
    ordered = {name: mask[places] for name, mask in lists.items()}
    return Board(ids[places], by_asset(told.uses, size)[ids][places], ordered)


def _materials(scope: UseScope) -> tuple[Counts, Mask, Mask, Mask, Mask]:
    """Return the materials that the filters leave, by rising id.

    That is their ids, and of each whether it is verified, whether overdue, whether it was ever
    published, and whether long enough ago to be judged.
    """
    standing = standing_expression(scope.day)
    truths = (
        standing == Standing.VERIFIED.value,
        standing == Standing.OVERDUE.value,
        Asset.published_at.is_not(None),
        Asset.published_at < scope.settled_before,
    )
    columns = [func.coalesce(truth, literal(value=False)) for truth in truths]
    table = whole_numbers(select(Asset.id, *columns).where(*chosen(scope)).order_by(Asset.id))
    verified, overdue, published, old = (table[:, place] > 0 for place in range(1, 5))
    return table[:, 0], verified, overdue, published, old


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


def _ranks(size: int) -> Counts:
    """Return the place of each material's title among all titles."""
    rows = db.session.execute(select(Asset.id, Asset.title).where(Asset.id < size)).all()
    titles = {asset: fold(title) for asset, title in rows}
    rank_of = {title: rank for rank, title in enumerate(sorted(set(titles.values())))}
    ranks = np.zeros(size, dtype=np.int64)
    ranks[list(titles)] = [rank_of[title] for title in titles.values()]
    return ranks


def _ordered(values: Counts, *, descending: bool) -> NDArray[np.intp]:
    """Return the places of values in their order, those of what was never used last either way."""
    places = np.argsort(-values if descending else values, kind="stable")
    never = values[places] == NEVER
    return np.concatenate((places[~never], places[never]))
