"""The joint fit: the effect of each first use on the win rate, net of the other assets' first uses.

For asset a let R be the rows of deals that have not used it yet or use it first there, and p the
treated share of R in a stratum. The equation of a says that its indicator, less p, is orthogonal
in R to what the effects b leave of the outcome y:

    sum over R of (D_a - p) (y - sum over assets c of b_c D_c) = 0.

Were R the same for all assets, these would be the normal equations of least squares with a dummy
for each stratum. With one asset, b is the Mantel-Haenszel risk difference.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.lift.cells import Cells
from contentlib.reports.lift.first_uses import FirstUses
from contentlib.reports.lift.runs import Numbers, Reals, parts, ranges, sums

# Singular values below this share of the largest are zero: counts are whole, so they are noise.
NOTHING = 1e-9
# A direction without length leaves an unknown alone that it moves by less.
MOVED = 1e-5
# Pairs of cells looked at together.
PAIRS = 2_000_000
# A stratum where more than one of so many assets was used goes as a line of a table.
CROWDED = 16


@dataclass(frozen=True)
class Fit:
    """Effects of all assets, as differences of win rates, and what their variance needs.

    `inverse` is that of the matrix of the equations (assets by assets; of those that say
    something, else zero). `told` says which effects the equations determine.
    """

    effects: Reals
    inverse: Reals
    told: NDArray[np.bool_]


def fit(cells: Cells, first: FirstUses) -> Fit:
    """Solve the equations of all assets together.

    An asset without any control beside its treated rows says nothing and is left out. Where the
    equations do not determine an effect, as that of each of two assets that always go together,
    the solution of least norm is taken and the asset is not `told`: the others are unharmed.
    """
    matrix, right = equations(cells, first)
    diagonal = matrix.diagonal()
    asked = np.flatnonzero(diagonal > NOTHING)
    scale = 1 / np.sqrt(diagonal[asked])
    inverse, told = np.zeros_like(matrix), np.zeros(cells.assets, dtype=np.bool_)
    scaled, told[asked] = _inverted(matrix[np.ix_(asked, asked)] * np.outer(scale, scale))
    inverse[np.ix_(asked, asked)] = scaled * np.outer(scale, scale)
    return Fit(inverse @ right, inverse, told)


def equations(cells: Cells, first: FirstUses) -> tuple[Reals, Reals]:
    """Return matrix and right side: sums over strata of counts, and over pairs used on one deal.

    Matrix at (a, c): rows with first uses of both, less p times the rows of R with one of c. These
    are all rows with one of c, except those that come after the first use of a.
    """
    size = cells.assets
    share = cells.share
    matrix = np.zeros((size, size))
    # A view: what is added to it, the matrix has.
    flat = matrix.reshape(-1)
    for earlier, later in first.earlier():
        pair = first.asset[earlier] * size + first.asset[later]
        both = first.held[later] & (first.row[earlier] == first.row[later]) & first.held[earlier]
        other = first.asset[later[both]] * size + first.asset[earlier[both]]
        flat += np.bincount(np.concatenate((pair[both], other)), minlength=size * size)
        cell, place = gone_uses(cells, first, earlier, later)
        flat += sums(pair[place], share[cell], size * size)
    matrix[np.diag_indices(size)] += sums(cells.asset, cells.treated, size)
    _less_shares(matrix, cells)
    beyond = cells.treated_won - share * cells.won
    return matrix, sums(cells.asset, beyond, size)


def gone_uses(
    cells: Cells, first: FirstUses, earlier: Numbers, later: Numbers
) -> tuple[Numbers, Numbers]:
    """Return where the later use's row comes after the earlier use, which takes it out of R.

    The result is the cell of the earlier asset in the stratum of that row, where there is one, and
    the pair's place.
    """
    place = np.flatnonzero(first.held[later] & (first.row[earlier] < first.row[later]))
    cell = cells.find(first.stratum[later[place]], first.asset[earlier[place]])
    return cell[cell >= 0], place[cell >= 0]


def _less_shares(matrix: Reals, cells: Cells) -> None:
    """Subtract the sum over strata of the share of one asset times the treated rows of another.

    Strata with few assets add their pairs, the others are multiplied as tables, some at a time.
    """
    _, start, many = np.unique(cells.stratum, return_index=True, return_counts=True)
    crowded = many > cells.assets / CROWDED
    few, many_few = start[~crowded], many[~crowded]
    for part in parts(many_few**2, PAIRS):
        _less_pairs(matrix, cells, few[part], many_few[part])
    for part in parts(many[crowded], CROWDED * cells.assets):
        _less_table(matrix, cells, start[crowded][part], many[crowded][part])


def _less_pairs(matrix: Reals, cells: Cells, start: Numbers, many: Numbers) -> None:
    """Subtract, pair by pair of cells, what some strata have."""
    times = np.repeat(many, many)
    one = np.repeat(ranges(start, many), times)
    other = ranges(np.repeat(start, many), times)
    pair = cells.asset[one] * cells.assets + cells.asset[other]
    both = cells.share[one] * cells.treated[other]
    matrix -= sums(pair, both, matrix.size).reshape(matrix.shape)


def _less_table(matrix: Reals, cells: Cells, start: Numbers, many: Numbers) -> None:
    """Subtract what some strata have, by a product of tables of strata by assets."""
    place = ranges(start, many)
    line = np.repeat(np.arange(len(start)), many)
    share, treated = np.zeros((2, len(start), cells.assets))
    share[line, cells.asset[place]] = cells.share[place]
    treated[line, cells.asset[place]] = cells.treated[place]
    matrix -= share.T @ treated


def _inverted(matrix: Reals) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Return the inverse, or that of Moore and Penrose, and which unknowns are determined.

    An unknown is determined if no solution of the equations without right sides moves it.
    """
    told = np.ones(len(matrix), dtype=np.bool_)
    if not len(matrix):
        return matrix, told
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        inverse = np.full_like(matrix, np.inf)
    if np.linalg.norm(matrix, 1) * np.linalg.norm(inverse, 1) < 1 / NOTHING:
        return inverse, told
    left, values, right = np.linalg.svd(matrix)
    # Of directions without length the result has nothing.
    kept = values > NOTHING * values[0]
    told[:] = np.abs(right[~kept]).max(axis=0, initial=0) < MOVED
    return (right[kept].T / values[kept]) @ left[:, kept].T, told
