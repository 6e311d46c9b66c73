"""Runs of whole numbers, and sums over what has the same number."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]


def ranges(start: Numbers, many: Numbers) -> Numbers:
    """Return start, start + 1 and so on, as many as said of each start, one run after another."""
    before = np.cumsum(many) - many
    return np.arange(many.sum()) + np.repeat(start - before, many)


def parts(costs: Numbers, budget: int) -> Iterator[slice]:
    """Cut things in order into parts that cost no more than a budget together, or are one thing."""
    until = np.cumsum(costs)
    begin = 0
    while begin < len(costs):
        limit = until[begin] - costs[begin] + budget
        end = max(begin + 1, int(np.searchsorted(until, limit, side="right")))
        yield slice(begin, end)
        begin = end


def sums(places: Numbers, values: NDArray[np.integer | np.floating], size: int) -> Reals:
    """Return the sum of the values of each place, from 0 to size - 1."""
    return np.bincount(places, values, size).astype(np.float64, copy=False)
