"""Events as columns of numbers, and what is counted in them; pure, the database is elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.core.instants import instant

Mask = NDArray[np.bool_]
# As a moment: before any event.
NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Columns:
    """Events in the order in which they happened, each at one place in every column.

    `at` is when, in microseconds since 1970 in UTC; 0 stands for no actor and for no deal.
    """

    id: NDArray[np.int64]
    at: NDArray[np.int64]
    asset: NDArray[np.int32]
    deal: NDArray[np.int32]
    actor: NDArray[np.int32]
    grade: NDArray[np.int8]
    late: Mask

    def __len__(self) -> int:
        return len(self.id)

    def where(self, places: Mask | slice | NDArray[np.intp]) -> "Columns":
        """Return the events at some places; those of a slice are not copied."""
        if not isinstance(places, slice) and places.dtype == np.bool_:
            # Looked for once, not once a column.
            places = np.flatnonzero(places)
        parts: list[Any] = [getattr(self, column.name)[places] for column in fields(self)]
        return Columns(*parts)

    def between(self, start: datetime, end: datetime) -> "Columns":
        """Return the events that happened from one moment until just before another."""
        first, after = np.searchsorted(self.at, [instant(start), instant(end)])
        return self.where(slice(first, after))

    def since(self, start: datetime) -> "Columns":
        """Return the events that happened at a moment or later."""
        return self.where(slice(np.searchsorted(self.at, instant(start)), None))

    def and_also(self, others: "Columns") -> "Columns":
        """Return these events and others."""
        parts: list[Any] = [
            np.concatenate((getattr(self, column.name), getattr(others, column.name)))
            for column in fields(self)
        ]
        both = Columns(*parts)
        return both.where(np.argsort(both.at, kind="stable"))


TYPES = (np.int64, np.int64, np.int32, np.int32, np.int32, np.int8, np.bool_)


def columns_of(table: NDArray[np.int64]) -> Columns:
    """Return the columns of a table that has a row for each event."""
    parts: list[Any] = [table[:, place].astype(kind) for place, kind in enumerate(TYPES)]
    return Columns(*parts)


def among(column: NDArray[Any], ids: Iterable[int]) -> Mask:
    """Return where a column of ids holds one of some ids; neither may be negative."""
    wanted = np.array(list(ids), dtype=np.int64)
    table = np.zeros(max(column.max(initial=0), wanted.max(initial=0)) + 1, dtype=np.bool_)
    table[wanted] = True
    return table[column]


def told_of(
    column: NDArray[Any], ids: NDArray[np.int64], values: NDArray[np.int64], *, otherwise: int
) -> NDArray[np.int64]:
    """Return the value that each id in a column has, given some ids with theirs."""
    table = np.full(max(column.max(initial=0), ids.max(initial=0)) + 1, otherwise)
    table[ids] = values
    return table[column]


def pairs(
    groups: NDArray[Any], members: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different pairs of a group and a member, in rising order, as two columns."""
    both = _pairs(groups, members)
    return both >> 32, both & (2**32 - 1)


def distinct(groups: NDArray[Any], members: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Return how many different members each group has, for groups from 0 to `size` - 1."""
    return np.bincount(_pairs(groups, members) >> 32, minlength=size)


def paired(groups: NDArray[Any], members: NDArray[Any]) -> NDArray[np.int64]:
    """Return each pair as one number, which sorts and is found many times faster than two.

    Both are whole numbers from 0 to 2^32 - 1, groups below 2^31.
    """
    return groups.astype(np.int64) << 32 | members.astype(np.int64)


def _pairs(groups: NDArray[Any], members: NDArray[Any]) -> NDArray[np.int64]:
    """Return each different pair once."""
    both = paired(groups, members)
    both.sort()
    first = np.ones(len(both), dtype=np.bool_)
    np.not_equal(both[1:], both[:-1], out=first[1:])
    return both[first]
