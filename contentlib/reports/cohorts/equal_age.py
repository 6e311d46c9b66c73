"""How many deals opened in one span, a month say, were won and lost by the same age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.core.proportion import Proportion
from contentlib.reports.cohorts.followed import DAY, LOST, WON, Followed

# In days.
AGES = (7, 30, 90, 180)


@dataclass(frozen=True)
class Cohort:
    """The deals of one cohort: how many there are and what became of them by the moment asked for.

    `won_by` and `lost_by` have a share of all deals of the cohort for each age that was asked
    for, None for those that its youngest deal has not reached.
    """

    key: int
    opened: int
    won: int
    lost: int
    won_by: tuple[Proportion | None, ...]
    lost_by: tuple[Proportion | None, ...]

    @property
    def still_open(self) -> int:
        """Return how many are still open."""
        return self.opened - self.won - self.lost

    @property
    def naive(self) -> Proportion:
        """Return the deals won so far, whatever their age, of all that were opened."""
        return Proportion(self.won, self.opened)

    @property
    def is_immature(self) -> bool:
        """Tell whether the naive share may still rise: some deals are open."""
        return self.still_open > 0


def at_equal_age(
    followed: Followed, keys: NDArray[np.integer[Any]], ages: Sequence[int] = AGES
) -> list[Cohort]:
    """Return the cohorts in rising order of their keys, with what became of them by some ages.

    `keys` has a cohort for each deal of the columns these came from, such as a month as year * 12 +
    month; `ages` are days of 24 hours. Won by an age: won, and closed − opened ≤ age. A cohort has
    reached an age if all its deals opened at least so long before `as_of`. Of those no deal stopped
    being followed before the age, so that Aalen and Johansen's incidence is the plain share of the
    deals won by then; it is counted as such, and its interval is Wilson's.
    """
    found, cohort = np.unique_inverse(keys[followed.place])
    latest = np.full(len(found), np.iinfo(np.int64).min)
    np.maximum.at(latest, cohort, followed.opened)
    reached = [latest <= followed.as_of - age * DAY for age in ages]
    opened = np.bincount(cohort, minlength=len(found))
    so_far, by = {}, {}
    for end in (WON, LOST):
        mine, age_at_end = cohort[followed.end == end], followed.age[followed.end == end]
        so_far[end] = np.bincount(mine, minlength=len(found))
        by[end] = [np.bincount(mine[age_at_end <= age * DAY], minlength=len(found)) for age in ages]
    return [
        Cohort(
            key,
            opened=int(opened[place]),
            won=int(so_far[WON][place]),
            lost=int(so_far[LOST][place]),
            won_by=_shares(by[WON], opened, reached, place),
            lost_by=_shares(by[LOST], opened, reached, place),
        )
        for place, key in enumerate(found.tolist())
    ]


def _shares(
    counts: Sequence[NDArray[np.intp]],
    opened: NDArray[np.intp],
    reached: Sequence[NDArray[np.bool_]],
    place: int,
) -> tuple[Proportion | None, ...]:
    """Return the share of a cohort by each age, None for those it has not reached."""
    return tuple(
        Proportion(int(count[place]), int(opened[place])) if there[place] else None
        for count, there in zip(counts, reached, strict=True)
    )
