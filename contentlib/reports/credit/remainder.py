"""Many amounts divided at once into whole units, each by weights of its own, exactly."""

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.credit.journeys import Whole, halves

LARGEST_WEIGHT = 2**40
LARGEST_TOTAL = 2**61


def divided(amounts: Whole, weights: Whole, offsets: Whole) -> Whole:
    """Divide each amount by its weights into whole units whose sum is the amount.

    Amount d is divided among the places from `offsets[d]` until just before `offsets[d + 1]`.
    Largest remainder (Hamilton): the share amount * weight / total is rounded down, and what is
    left goes, one unit each, to the largest fractions; equal fractions go by place. A negative
    amount is shared as its opposite is, so that a correction takes back exactly what was given.
    Where all weights are zero, nothing is given. All is integer arithmetic: no rounding of floats
    can be seen in the result.

    Shapes: amounts int64[D], weights int64[T] and the result int64[T], offsets int64[D + 1].
    Raises OverflowError where a weight is over 2^40, or weights could add up to more than 2^61
    (two million touches of the largest weight on one deal), or an amount is -2^63; ValueError
    where a weight is negative. Source: Balinski and Young, Fair Representation, 1982.
    """
    sizes = np.diff(offsets)
    _refuse(amounts, weights, sizes)
    totals = _sums(weights, offsets)
    whole, remainder = _quotients(np.abs(amounts), weights, totals, sizes)
    left = np.abs(amounts) - _sums(whole, offsets)
    whole[_largest(remainder, left, offsets)] += 1
    return whole * np.repeat(np.sign(amounts), sizes)


def _refuse(amounts: Whole, weights: Whole, sizes: Whole) -> None:
    if weights.min(initial=0) < 0:
        raise ValueError("weights must not be negative")
    largest = int(weights.max(initial=0))
    if largest > LARGEST_WEIGHT or largest * int(sizes.max(initial=0)) > LARGEST_TOTAL:
        raise OverflowError("too many touches on one deal, or too large a weight")
    if amounts.min(initial=0) == np.iinfo(np.int64).min:
        raise OverflowError("an amount has no opposite in 64 bits")


def _sums(values: Whole, offsets: Whole) -> Whole:
    """Return the sum of each stretch; sums that wrap around on the way come out right."""
    before = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=before[1:])
    return before[offsets[1:]] - before[offsets[:-1]]


def _quotients(amounts: Whole, weights: Whole, totals: Whole, sizes: Whole) -> tuple[Whole, Whole]:
    """Return amount * weight / total rounded down, and the remainder in units of 1 / total.

    amount = q * total + r leaves r * weight / total to compute, which is below 2^40. Its estimate
    in floats is off by one at the most. The remainder by that estimate lies between -total and
    2 * total, so it is right although both products wrap around, and tells how to put it right.
    """
    quotient, rest = np.divmod(amounts, np.maximum(totals, 1))
    rest, total = np.repeat(rest, sizes), np.repeat(np.maximum(totals, 1), sizes)
    guess = (rest.astype(np.float64) * weights / total).astype(np.int64)
    remainder = rest * weights - guess * total
    off = (remainder >= total).astype(np.int64) - (remainder < 0)
    return np.repeat(quotient, sizes) * weights + guess + off, remainder - off * total


def _largest(remainder: Whole, left: Whole, offsets: Whole) -> NDArray[np.intp]:
    """Return the places of so many of the largest remainders of each stretch as units are left.

    Remainders add up to that many units and each is below one, so those of zero never get any:
    nor does a stretch without weights, where everything is left.
    """
    some = np.flatnonzero(remainder)
    deal = np.repeat(np.arange(len(left)), np.diff(offsets))[some]
    order = np.lexsort((-remainder[some], *halves(deal)))
    count = np.bincount(deal, minlength=len(left))
    rank = np.arange(len(some)) - (np.cumsum(count) - count)[deal]
    return some[order[rank < left[deal]]]
