"""Deals as they stood at a moment: how long each was followed, and how it had ended by then."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.core.instants import NOT_YET

# What an outcome is as a number.
OPEN, WON, LOST = 0, 1, 2
DAY = 86_400_000_000


@dataclass(frozen=True)
class Deals:
    """Deals as columns, each deal at one place in all of them.

    `opened` and `closed` are microseconds since 1970 in UTC, `outcome` is OPEN, WON or LOST; the
    close of an open deal, and only of such, is NOT_YET.
    """

    opened: NDArray[np.int64]
    closed: NDArray[np.int64]
    outcome: NDArray[np.int8]


@dataclass(frozen=True)
class Followed:
    """Deals followed from their opening until they ended or, still open, until `as_of`.

    `place` is where each stands in the columns it came from, `age` the microseconds for which it
    was followed (0 where it closed at the moment it opened), `end` what it was by then.
    """

    place: NDArray[np.intp]
    opened: NDArray[np.int64]
    age: NDArray[np.int64]
    end: NDArray[np.int8]
    as_of: int

    def __len__(self) -> int:
        return len(self.age)

    def where(self, places: NDArray[Any]) -> "Followed":
        """Return the deals at some places."""
        columns = (self.place, self.opened, self.age, self.end)
        place, opened, age, end = (column[places] for column in columns)
        return Followed(place, opened, age, end, self.as_of)

    def by(self, keys: NDArray[np.integer[Any]]) -> Iterator[tuple[int, "Followed"]]:
        """Yield each key with its deals, in rising order of keys.

        `keys` has one for each deal of the columns these came from, also for those left out.
        """
        mine = keys[self.place]
        order = np.argsort(mine, kind="stable")
        found, starts = np.unique(mine[order], return_index=True)
        for key, places in zip(found.tolist(), np.split(order, starts[1:]), strict=False):
            yield key, self.where(places)


@dataclass(frozen=True)
class LeftOut:
    """How many deals nothing can be told of, and why.

    `not_yet` were opened after the moment asked for; `backwards` closed before they opened.
    """

    not_yet: int
    backwards: int


def follow(deals: Deals, as_of: int) -> tuple[Followed, LeftOut]:
    """Return the deals as they stood at a moment (microseconds since 1970 in UTC).

    What closed later was open then, so that a report of an earlier day comes out as it did on that
    day. Right censoring: an open deal was followed for `as_of` less its opening. Raises ValueError
    where the columns differ in length, an outcome is unknown, or an open deal has a close or an
    ended deal has none.
    """
    opened, closed, outcome = deals.opened, deals.closed, deals.outcome
    _refuse_contradictions(deals)
    backwards = closed < opened
    not_yet = (opened > as_of) & ~backwards
    place = np.flatnonzero(~(backwards | not_yet))
    ended = closed[place] <= as_of
    age = np.minimum(closed[place], as_of) - opened[place]
    end = np.where(ended, outcome[place], OPEN).astype(np.int8)
    left_out = LeftOut(not_yet=int(not_yet.sum()), backwards=int(backwards.sum()))
    return Followed(place, opened[place], age, end, as_of), left_out


def _refuse_contradictions(deals: Deals) -> None:
    """Raise ValueError for columns that no deals can have."""
    if not len(deals.opened) == len(deals.closed) == len(deals.outcome):
        raise ValueError("the columns of deals must be of one length")
    if not np.isin(deals.outcome, (OPEN, WON, LOST)).all():
        raise ValueError("an outcome is 0 (open), 1 (won) or 2 (lost)")
    if ((deals.outcome == OPEN) != (deals.closed == NOT_YET)).any():
        raise ValueError("an open deal has no close, and every other deal has one")
