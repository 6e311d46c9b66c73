"""How far a share found in a few cases may be from the share in all: Wilson's score interval.

Shapes: `part` of `whole` cases, whole numbers, 0 ≤ part ≤ whole. Units: shares from 0 to 1.
Source: Wilson, Probable inference, the law of succession, and statistical inference (1927);
recommended for small numbers by Brown, Cai and DasGupta (2001).
"""

from dataclasses import dataclass
from math import sqrt

# The share of intervals that hold the true value is .95.
Z = 1.959963984540054
# Fewer cases than these tell more about chance than about what is counted.
FEWEST = 5


@dataclass(frozen=True)
class Proportion:
    """A number of cases out of all."""

    part: int
    whole: int

    @property
    def is_telling(self) -> bool:
        """Tell whether there are enough cases to name a share."""
        return self.whole >= FEWEST

    @property
    def interval(self) -> tuple[float, float]:
        """Return the lower and upper end of the share; from 0 to 1 where there is no case."""
        return wilson(self.part, self.whole)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the ends of the interval; raises ValueError for a part larger than its whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    if not whole:
        return 0.0, 1.0
    return score_interval(part / whole, whole)


def score_interval(share: float, cases: float) -> tuple[float, float]:
    """Return the ends of the interval of a share found in more than 0 cases.

    The cases may be no whole number, as where unequal weights make many tell as much as a few.
    """
    weight = Z * Z / cases
    middle = share + weight / 2
    reach = Z * sqrt(share * (1 - share) / cases + weight / (4 * cases))
    # At either end the bound is the end itself; the arithmetic would miss it by a hair.
    low = (middle - reach) / (1 + weight) if share > 0 else 0.0
    high = (middle + reach) / (1 + weight) if share < 1 else 1.0
    return low, high
