"""Rates of many assets, those of few cases drawn toward what is usual: empirical Bayes.

It corrects what chance does to small numbers. It corrects no bias: a rate that compares deals
which were unlike from the start is as wrong as before.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Assets are taken to differ by one point (a standard deviation of .01) at the least.
FLOOR = 1e-4

Counts = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Usual:
    """The rate of assets at large, and with how many cases it weighs against an asset's own.

    As a distribution of true rates: beta with a = weight · rate and b = weight · (1 − rate).
    """

    rate: float
    weight: float

    def shown(self, parts: Counts, wholes: Counts) -> NDArray[np.float64]:
        """Return the rates to show, (x + M μ)/(n + M); of an asset without cases, the usual one."""
        _refuse_contradictions(parts, wholes)
        cases = wholes + self.weight
        told = (parts + self.weight * self.rate) / np.where(cases > 0, cases, 1)
        return np.where(cases > 0, told, self.rate)


def usual(parts: Counts, wholes: Counts) -> Usual | None:
    """Return the usual rate of some assets and its weight; None where no asset has a case.

    `parts` x of `wholes` n, one of each an asset. With N = Σ n and k assets that have cases:
    μ = Σ x/N, weight M = max(μ (1 − μ)/V − 1, 0), and V the variance between assets net of
    sampling noise, at least FLOOR:

        V = (Σ w (x/n − μ)² − μ (1 − μ)(k − 1)/N) / (1 − Σ w² − (k − 1)/N), w = n/N,

    from E Σ w (x/n − μ)² ≈ Σ w (1 − w)(V + (μ (1 − μ) − V)/n). With one asset, or one case in each,
    nothing can be told of how they differ, and V is FLOOR. Raises ValueError where a part is
    larger than its whole. Source: Kleinman, Proportions with Extraneous Variance: Single and
    Independent Samples, 1973.
    """
    _refuse_contradictions(parts, wholes)
    some = wholes > 0
    x, n = parts[some].astype(np.float64), wholes[some].astype(np.float64)
    if not len(n):
        return None
    rate = float(x.sum() / n.sum())
    noise = rate * (1 - rate)
    variance = max(_between(x / n, n / n.sum(), rate, (len(n) - 1) / float(n.sum())), FLOOR)
    return Usual(rate, max(noise / variance - 1, 0.0))


def _between(
    rates: NDArray[np.float64], shares: NDArray[np.float64], rate: float, single: float
) -> float:
    """Return the variance between assets net of sampling noise; may be negative, 0 if unknown."""
    seen = float((shares * (rates - rate) ** 2).sum())
    telling = 1 - float((shares**2).sum()) - single
    return (seen - rate * (1 - rate) * single) / telling if telling > 1e-12 else 0.0


def _refuse_contradictions(parts: Counts, wholes: Counts) -> None:
    """Raise ValueError for counts that no rates can have."""
    if parts.shape != wholes.shape or ((parts < 0) | (parts > wholes)).any():
        raise ValueError("each part must be from 0 to its whole")
