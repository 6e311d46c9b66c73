"""Touches, and what was touched on each deal in order; pure, the ledger is elsewhere."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from contentlib.usage.columns import paired

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)
ID_END = 2**32


@dataclass(frozen=True)
class Touches:
    """The uses that count toward a deal, each at one place in every column, in any order.

    `deal` is the deal's place in the amounts that are shared; `asset` the asset's id, from 0 to
    2^32 - 1; `at` when, in microseconds since 1970 in UTC; `id` the event's own, which orders
    touches of the same moment. `helped` is the seller's mark on that asset and deal: 0 none,
    1 helped, 2 decisive. Raises ValueError where columns differ in length or an id is none.
    """

    deal: Whole
    asset: Whole
    at: Whole
    id: Whole
    helped: NDArray[np.int8]

    def __post_init__(self) -> None:
        if len({len(getattr(self, column.name)) for column in fields(self)}) > 1:
            raise ValueError("the columns of touches differ in length")
        if len(self) and (self.asset.min() < 0 or self.asset.max() >= ID_END):
            raise ValueError("ids of assets lie between 0 and 2^32 - 1")
        if len(self) and (self.helped.min() < 0 or self.helped.max() > 2):
            raise ValueError("a mark is 0, 1 (helped) or 2 (decisive)")

    def __len__(self) -> int:
        return len(self.deal)


@dataclass(frozen=True)
class Journeys:
    """What was touched on each deal, in order.

    The states (ids of assets, of types, …) of deal d stand from `offsets[d]` until just before
    `offsets[d + 1]`; a deal may have none. States are whole numbers from 0 to 2^32 - 1.
    """

    states: Whole
    offsets: Whole

    @cached_property
    def lengths(self) -> Whole:
        """Return how many touches each deal has."""
        return np.diff(self.offsets)

    @cached_property
    def deal(self) -> Whole:
        """Return the deal of each touch."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def place(self) -> Whole:
        """Return the place of each touch on its deal, from 0."""
        return np.arange(len(self.states)) - self.of_deals(self.offsets[:-1])

    @cached_property
    def starts(self) -> Whole:
        """Return where the journeys of one touch or more begin."""
        return self.offsets[:-1][self.lengths > 0]

    @cached_property
    def ends(self) -> Whole:
        """Return where the last touch of the journeys of one touch or more stands."""
        return self.offsets[1:][self.lengths > 0] - 1

    def of_deals(self, values: NDArray[Number]) -> NDArray[Number]:
        """Return for each touch the value of its deal."""
        return np.repeat(values, self.lengths)

    def firsts(self, among: Mask | None = None) -> Mask:
        """Return which touches are the first of their state on their deal.

        With `among`, only touches there are looked at.
        """
        places = np.arange(len(self.states)) if among is None else np.flatnonzero(among)
        pair = paired(self.deal[places], self.states[places])
        order = np.argsort(pair, kind="stable")
        new = np.ones(len(pair), dtype=np.bool_)
        np.not_equal(pair[order[1:]], pair[order[:-1]], out=new[1:])
        first = np.zeros(len(self.states), dtype=np.bool_)
        first[places[order[new]]] = True
        return first


def in_order(touches: Touches, deals: int) -> tuple[NDArray[np.intp], Journeys]:
    """Return the order of touches by deal, time and event id, and the journeys of so many deals.

    Raises ValueError where a touch is of a deal that is not there.
    """
    if len(touches) and (touches.deal.min() < 0 or touches.deal.max() >= deals):
        raise ValueError("a touch is of a deal that is not among those to share")
    order = np.lexsort((touches.id, touches.at, *halves(touches.deal)))
    offsets = np.zeros(deals + 1, dtype=np.int64)
    np.cumsum(np.bincount(touches.deal, minlength=deals), out=offsets[1:])
    return order, Journeys(touches.asset[order], offsets)


def halves(column: Whole) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return numbers from 0 to 2^32 - 1 as two keys for `lexsort`.

    Numbers of 16 bits are sorted by counting, so two of them take a third of the time of one.
    """
    return (column & 0xFFFF).astype(np.uint16), (column >> 16).astype(np.uint16)
