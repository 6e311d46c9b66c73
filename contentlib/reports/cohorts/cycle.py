"""How long deals take, open ones counted for as long as they have lasted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.cohorts.curve import Curve
from contentlib.reports.cohorts.followed import LOST, OPEN, WON, Followed
from contentlib.reports.cohorts.incidence import aalen_johansen, risk_table
from contentlib.reports.maturity import mature_before


@dataclass(frozen=True)
class Times:
    """Ages in microseconds by which a quarter, half, three quarters and four fifths are there.

    `low` and `high` are the 95 % interval of the median. None stands for what is not known: so
    many are not there yet.
    """

    quarter: int | None
    median: int | None
    three_quarters: int | None
    four_fifths: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Cycle:
    """How long the deals of a group take.

    `to_close` tells when a part of all deals is closed, won or lost; `to_won` when a part of all
    deals, also of those that are lost, is won. `among_won` is the median age at the close of the
    `mature_won` deals that are won and old enough to be told of, None without such a deal.
    """

    key: int
    deals: int
    won: int
    lost: int
    to_close: Times
    to_won: Times
    mature_won: int
    among_won: int | None

    @property
    def still_open(self) -> int:
        """Return how many are still open."""
        return self.deals - self.won - self.lost


def cycles(followed: Followed, keys: NDArray[np.integer[Any]]) -> list[Cycle]:
    """Return how long the deals of each group take, in rising order of the groups.

    `keys` has a group for each deal of the columns these came from. Times to close are quantiles
    of Kaplan and Meier's share of open deals, times to won those of Aalen and Johansen's
    incidence: a firm that wins fewer than half of its deals has no median time to won. The median
    among won takes the deals of the group that opened before `mature_before` of all groups
    together, and is the smallest age with at least half of them at or below it.
    """
    before = mature_before(followed.age[followed.end != OPEN], followed.as_of)
    return [_cycle(key, group, before) for key, group in followed.by(keys)]


def _cycle(key: int, group: Followed, before: int | None) -> Cycle:
    """Return how long the deals of one group take."""
    incidence = aalen_johansen(risk_table(group))
    is_won = group.end == WON
    mature = group.age[is_won & (group.opened < before)] if before is not None else group.age[:0]
    middle = (len(mature) - 1) // 2
    return Cycle(
        key,
        deals=len(group),
        won=int(is_won.sum()),
        lost=int((group.end == LOST).sum()),
        to_close=_times(incidence.open),
        to_won=_times(incidence.won),
        mature_won=len(mature),
        among_won=int(np.partition(mature, middle)[middle]) if len(mature) else None,
    )


def _times(curve: Curve) -> Times:
    """Return the ages by which parts of the deals have left the start of a curve."""
    low, high = curve.quantile_limits(0.5)
    return Times(
        quarter=curve.quantile(0.25),
        median=curve.quantile(0.5),
        three_quarters=curve.quantile(0.75),
        four_fifths=curve.quantile(0.8),
        low=low,
        high=high,
    )
