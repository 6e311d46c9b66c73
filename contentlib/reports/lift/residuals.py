"""What the joint fit leaves of the outcomes."""

from dataclasses import dataclass

import numpy as np

from contentlib.reports.lift.cells import Cells
from contentlib.reports.lift.first_uses import FirstUses
from contentlib.reports.lift.fit import gone_uses
from contentlib.reports.lift.runs import Reals, sums


@dataclass(frozen=True)
class Residuals:
    """Of each cell: the mean in R of outcome less effects, and what it adds to its equation.

    `mean` is m = mean over R of (y - sum of b_c D_c), `score` the sum over R of
    (D_a - p) (y - sum of b_c D_c - m); the scores of an asset add up to zero.
    """

    mean: Reals
    score: Reals


def residuals(cells: Cells, first: FirstUses, effects: Reals) -> Residuals:
    """Return means and scores of all cells, by counts alone; `effects` has one for each asset."""
    held = np.flatnonzero(first.held)
    effect = effects[first.asset[held]]
    # A row may hold several first uses; each of them meets the effects of all.
    _, row = np.unique_inverse(first.row[held])
    in_row = sums(row, effect, len(row))[row]
    size = len(cells.keys)
    treated = cells.treated_won - sums(cells.of[held], in_row, size)
    in_stratum = sums(first.stratum[held], effect, 0)
    every = cells.won - in_stratum[cells.stratum]
    for earlier, later in first.earlier():
        cell, place = gone_uses(cells, first, earlier, later)
        np.add.at(every, cell, effects[first.asset[later[place]]])
    return Residuals(mean=every / cells.rows, score=treated - cells.share * every)
