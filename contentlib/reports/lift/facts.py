"""What the like-for-like win rate is computed from: deals, their stays in stages, uses."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Deals:
    """Each deal that has been opened, at one place in every column.

    `opened` and `closed` are microseconds since 1970 in UTC, `closed` is NOT_YET while the deal
    is open; `size` is the band of the company's size, 0 unknown.
    """

    opened: NDArray[np.int64]
    closed: NDArray[np.int64]
    won: NDArray[np.bool_]
    size: NDArray[np.int64]


@dataclass(frozen=True)
class Visits:
    """Each stay of a deal in a stage, in any order; coming back to a stage is another stay.

    `deal` is a place in Deals, `seller` whose deal it was then, 0 unknown; `left` is when the deal
    went on or was closed, NOT_YET while it stays.
    """

    deal: NDArray[np.int64]
    stage: NDArray[np.int64]
    seller: NDArray[np.int64]
    entered: NDArray[np.int64]
    left: NDArray[np.int64]


@dataclass(frozen=True)
class Uses:
    """Each use of an asset on a deal with enough grade and before the close, in any order.

    Repeats are allowed, the first counts. `late` says that it was recorded after the outcome was.
    """

    deal: NDArray[np.int64]
    asset: NDArray[np.int64]
    at: NDArray[np.int64]
    late: NDArray[np.bool_]


def check(deals: Deals, visits: Visits, uses: Uses) -> None:
    """Raise ValueError where columns differ in length or a place in Deals does not exist."""
    for table in (deals, visits, uses):
        name = type(table).__name__
        columns: list[NDArray[Any]] = [getattr(table, column.name) for column in fields(table)]
        if len({column.shape for column in columns}) > 1 or columns[0].ndim != 1:
            raise ValueError(f"the columns of {name} must be equally long")
    for places in (visits.deal, uses.deal):
        if len(places) and not 0 <= places.min() <= places.max() < len(deals.won):
            raise ValueError("a visit or a use names a deal that is not there")
