"""How many uses it takes before a difference can be seen."""

from math import ceil, sqrt
from statistics import NormalDist


def uses_needed(
    *, base: float, difference: float, treated: float, level: float = 0.05, power: float = 0.8
) -> int | None:
    """Return how many deals must have used an asset before a difference would mostly be seen.

    `base` is the share won without the asset, `difference` how much more (or less) it is with it,
    `treated` the share of deals that use it. A test at `level`, two-sided, finds it with
    probability `power` in n uses and n (1 − t)/t other deals, with p₁ = base + difference,
    p₀ = base, t = treated, p = t p₁ + (1 − t) p₀ and r = (1 − t)/t:

        n = (z_{1−level/2} √(p (1 − p)(1 + 1/r)) + z_power √(p₁ (1 − p₁) + p₀ (1 − p₀)/r))² / d²,

    rounded up. It is a lower bound where deals of one seller are alike, as they are. None where no
    share can differ so from the base. Raises ValueError for a difference of 0, a base that is no
    share, and a `treated`, `level` or `power` that is not between 0 and 1. How many more are
    needed is this less those that there are. Source: Fleiss, Levin and Paik, Statistical Methods
    for Rates and Proportions, 2003, chapter 4.
    """
    if not 0 <= base <= 1 or difference == 0:
        raise ValueError("a base is from 0 to 1, and a difference is not 0")
    if not all(0 < part < 1 for part in (treated, level, power)):
        raise ValueError("the share treated, the level and the power are between 0 and 1")
    other = base + difference
    if not 0 <= other <= 1:
        return None
    odds = treated / (1 - treated)
    both = treated * other + (1 - treated) * base
    if_none = sqrt(both * (1 - both) * (1 + odds))
    if_so = sqrt(other * (1 - other) + base * (1 - base) * odds)
    normal = NormalDist()
    reach = normal.inv_cdf(1 - level / 2) * if_none + normal.inv_cdf(power) * if_so
    return ceil((reach / difference) ** 2)
