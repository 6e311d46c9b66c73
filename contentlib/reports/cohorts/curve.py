"""A share of deals by their age, as steps, with how far it may be from the true one."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from contentlib.core.proportion import Z

# Two shares that differ by less are one: sums of a million steps err by less, and a step of fewer
# than a thousand million deals is larger.
NEAR = 1e-9

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A share of deals by age: `share[i]` from `times[i]` on, until the next time.

    `times` are distinct, rising ages in microseconds. Before the first of them the share is
    `start`: 1 for a curve that falls, 0 for one that rises. `variance` is that of each share.
    `until` is the age up to which anything is known: beyond it no deal was followed.
    """

    times: NDArray[np.int64]
    share: Reals
    variance: Reals
    start: int
    until: int

    @cached_property
    def limits(self) -> tuple[Reals, Reals]:
        """Return the lower and upper 95 % limit of each share.

        Both are share ** exp(±z·σ) with σ = √variance / (share·|log share|), which is the normal
        interval of log(−log share); they never leave 0 to 1. Both are NaN where the share is 0 or
        1, where that has no value. Source: Kalbfleisch and Prentice, The Statistical Analysis of
        Failure Time Data, 1980.
        """
        inner = (self.share > NEAR) & (self.share < 1 - NEAR)
        share = np.where(inner, self.share, 0.5)
        reach = np.exp(Z * np.sqrt(self.variance) / (share * -np.log(share)))
        low, high = share**reach, share ** (1 / reach)
        return np.where(inner, low, np.nan), np.where(inner, high, np.nan)

    def at(self, ages: ArrayLike) -> tuple[Reals, Reals, Reals]:
        """Return the share at some ages (microseconds), and its lower and upper limit.

        All three are NaN beyond `until`, and the limits where there are none.
        """
        wanted = np.asarray(ages, dtype=np.int64)
        step = np.searchsorted(self.times, wanted, side="right")
        known = wanted <= self.until

        def told(first: float, column: Reals) -> Reals:
            return np.where(known, np.concatenate(([first], column))[step], np.nan)

        low, high = self.limits
        return told(self.start, self.share), told(np.nan, low), told(np.nan, high)

    def quantile(self, part: float) -> int | None:
        """Return the age at which a part of the deals (0 to 1) has left the start; None if never.

        It is the first age at which a falling curve is 1 − part or less, a rising one part or
        more. Without open deals it is the smallest age with at least that part of the deals at or
        below it (the inverse of the empirical distribution, type 1 of Hyndman and Fan, 1996).
        """
        return self._first(self.share, part)

    def quantile_limits(self, part: float) -> tuple[int | None, int | None]:
        """Return the 95 % interval of a quantile, each end None where it is not known.

        It holds the ages at which the interval of the share holds the level the quantile is
        looked for at: from where the nearer limit reaches it, until where the farther one does.
        Source: Brookmeyer and Crowley, A Confidence Interval for the Median Survival Time, 1982.
        """
        low, high = self.limits
        nearer, farther = (low, high) if self.start else (high, low)
        return self._first(nearer, part), self._first(farther, part)

    def _first(self, values: Reals, part: float) -> int | None:
        """Return the first age at which values reach the level of a part of the deals."""
        reached = values <= 1 - part + NEAR if self.start else values >= part - NEAR
        place = int(reached.argmax()) if len(reached) else 0
        return int(self.times[place]) if reached.any() else None
