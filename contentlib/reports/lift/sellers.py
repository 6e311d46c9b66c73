"""How much each seller has to say of an asset."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from contentlib.reports.lift.cells import Cells
from contentlib.reports.lift.rows import Rows
from contentlib.reports.lift.runs import Numbers, Reals, sums

# Sellers looked at together.
SELLERS = 1_000


@dataclass(frozen=True)
class Sellers:
    """Of each asset: sellers with a weight, the known ones among them, degrees of freedom.

    The weight of a seller is W = sum over their strata of treated rows times controls over rows;
    the degrees of freedom are (sum W)^2 / sum W^2 - 1. Deals whose seller is unknown are together
    one seller, who is not counted among the known.
    """

    weighty: Numbers
    known: Numbers
    freedom: Reals


def by_seller(rows: Rows, cells: Cells, values: Reals) -> Iterator[Reals]:
    """Give the sums of a value of cells, sellers by assets, for some sellers at a time in order."""
    # Strata rise by seller, so the cells of some sellers are a run.
    seller = rows.seller[cells.stratum // rows.width]
    for begin in range(0, len(rows.known), SELLERS):
        own = slice(*np.searchsorted(seller, [begin, begin + SELLERS]))
        many = min(SELLERS, len(rows.known) - begin)
        place = (seller[own] - begin) * cells.assets + cells.asset[own]
        yield sums(place, values[own], many * cells.assets).reshape(many, cells.assets)


def sellers_of(rows: Rows, cells: Cells) -> Sellers:
    """Return the sellers of all assets; see Sellers."""
    total, squares = np.zeros((2, cells.assets))
    weighty, known = np.zeros((2, cells.assets), dtype=np.int64)
    begin = 0
    for weight in by_seller(rows, cells, cells.weight):
        total += weight.sum(axis=0)
        squares += (weight**2).sum(axis=0)
        weighty += (weight > 0).sum(axis=0)
        known += (weight[rows.known[begin : begin + len(weight)]] > 0).sum(axis=0)
        begin += len(weight)
    return Sellers(weighty, known, total**2 / np.where(squares > 0, squares, 1) - 1)
