"""How far two shares lie apart, and how far apart the true ones may lie."""

from dataclasses import dataclass
from math import hypot

from contentlib.core.proportion import Proportion

Interval = tuple[float, float]


@dataclass(frozen=True)
class Difference:
    """A first share less a second one, from −1 to 1, with its 95 % interval."""

    estimate: float
    low: float
    high: float


def newcombe(first: Proportion, second: Proportion) -> Difference | None:
    """Return the difference of two shares of separate cases; None where either has no case.

    The hybrid of two of Wilson's intervals, (l₁, u₁) of p₁ and (l₂, u₂) of p₂, d = p₁ − p₂:
    from d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²). It never leaves −1 to 1.
    Source: Newcombe, Interval Estimation for the Difference Between Independent Proportions:
    Comparison of Eleven Methods, 1998, method 10.
    """
    if not (first.whole and second.whole):
        return None
    return hybrid(
        first.part / first.whole, first.interval, second.part / second.whole, second.interval
    )


def hybrid(first: float, around: Interval, second: float, around_second: Interval) -> Difference:
    """Return the difference of two shares by Newcombe's formula, given the interval of each."""
    (low, high), (low_second, high_second) = around, around_second
    estimate = first - second
    return Difference(
        estimate,
        low=estimate - hypot(first - low, high_second - second),
        high=estimate + hypot(high - first, second - low_second),
    )
