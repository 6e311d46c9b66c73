"""One reading of the uses: of each asset its raw estimate and how sure it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.core.proportion import Z
from contentlib.reports.lift.cells import cells_of
from contentlib.reports.lift.first_uses import FirstUses
from contentlib.reports.lift.fit import fit
from contentlib.reports.lift.rows import Rows
from contentlib.reports.lift.runs import Numbers, Reals, sums
from contentlib.reports.lift.sellers import sellers_of
from contentlib.reports.lift.student import student_quantile
from contentlib.reports.lift.variance import variance

TREATED = 30
SELLERS = 5
# What no count can exclude, as a difference of win rates: declared, and added in quadrature.
ALLOWANCE = 0.0075


@dataclass(frozen=True)
class Reading:
    """Of each asset: treated rows, known sellers who used it beside controls, estimate, error.

    1.96 times `error` is half the 95 % interval, Student's quantile and the allowance in it; it is
    infinite where the data determine no estimate, and where fewer than `TREATED` rows or `SELLERS`
    sellers would carry it.
    """

    treated: Numbers
    sellers: Numbers
    estimate: Reals
    error: Reals

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Return which assets have been used often enough, and by enough sellers."""
        return (self.treated >= TREATED) & (self.sellers >= SELLERS)


def read(rows: Rows, first: FirstUses, assets: int) -> Reading:
    """Return the estimates of all assets; nothing is fitted where none has been used enough."""
    cells = cells_of(rows, first, assets)
    treated = sums(cells.asset, cells.treated, assets).astype(np.int64)
    sellers = sellers_of(rows, cells)
    raw = Reading(treated, sellers.known, np.zeros(assets), np.full(assets, np.inf))
    if not raw.enough.any():
        return raw
    solved = fit(cells, first)
    # Below one degree of freedom there is no interval.
    sure = np.flatnonzero(raw.enough & solved.told & (sellers.freedom >= 1))
    spread = np.sqrt(variance(rows, cells, first, solved, sellers)[sure])
    student = student_quantile(0.975, sellers.freedom[sure])
    raw.error[sure] = np.hypot(spread * student / Z, ALLOWANCE)
    return Reading(treated, sellers.known, solved.effects, raw.error)
