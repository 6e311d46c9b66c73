"""The situations that are compared: a deal, a stay of it in a stage, a band of days there.

A row is never made: a stay knows how many rows it has, and a row is its number. Rows of a stay are
numbered on, and so are stays of a deal in the order of time. The stratum of a row is its group
(seller, size, stage) times `width`, plus its band; the last place of each group stays empty.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.lift.facts import Deals, Visits
from contentlib.reports.lift.runs import Numbers
from contentlib.reports.maturity import mature_before

DAY = 86_400_000_000
EDGES = (0, 3, 7, 14, 28, 56, 112)
FINE_EDGES = (0, 1, 2, 3, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112)
FINE_ABOVE = 20_000
# Fewer deals of one seller and size are quicker dealt with among others than by themselves.
ALIKE = 64


@dataclass(frozen=True)
class Rows:
    """The rows of mature deals.

    `number` maps a place in Deals to the number of a deal here, -1 where it is left out; the
    settled come first, by seller and size. Columns of deals: `won`, `settled` (it stayed with one
    seller, as did enough others of the same seller and size). `stays` has, for each deal and one
    more, the first of its stays.
    Columns of stays: `deal`, `entered`, `left`, `group`, `bands` (how many rows); `first` has, for
    each stay and one more, its first row. Columns of groups: `seller`, from 0; `block`, the pair of
    seller and size. `known` says of each seller whether it is known. `edges` are microseconds.
    """

    number: Numbers
    won: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    stays: Numbers
    deal: Numbers
    entered: Numbers
    left: Numbers
    group: Numbers
    bands: Numbers
    first: Numbers
    seller: Numbers
    block: Numbers
    known: NDArray[np.bool_]
    edges: Numbers

    @property
    def width(self) -> int:
        """Return how many strata a group has, the empty one included."""
        return len(self.edges) + 1

    @cached_property
    def stratum(self) -> Numbers:
        """Return the stratum of the first row of each stay."""
        return self.group * self.width


def mature(deals: Deals, as_of: int) -> NDArray[np.bool_]:
    """Return which deals are closed and old enough: opened before as-of less the usual cycle.

    The usual cycle is that of `maturity.mature_before`; without the rule the young deals among the
    closed ones would be those that went quickly. Deals that closed before they opened are left out.
    """
    closed = (deals.closed <= as_of) & (deals.closed >= deals.opened)
    before = mature_before(deals.closed[closed] - deals.opened[closed], as_of)
    return closed if before is None else closed & (deals.opened < before)


def rows_of(deals: Deals, visits: Visits, as_of: int) -> Rows:
    """Return the rows of the mature deals: each band of a stay at whose start the deal was there.

    A stay ends at the latest with its deal; one without any length has no row. Overlapping stays
    of a deal count in the order of their beginnings.
    """
    chosen = mature(deals, as_of)
    edges = np.array(FINE_EDGES if chosen.sum() > FINE_ABOVE else EDGES) * DAY
    stays = _stays(visits, deals.closed, chosen)
    place = stays.deal
    sellers, seller = np.unique_inverse(stays.seller)
    block, group, owners, blocks = _grouped(seller, deals.size[place], stays.stage)
    there, starts = np.unique(place, return_index=True)
    settled = _settled(block, starts)
    order = np.lexsort((block[starts], ~settled))
    number = np.full(len(deals.won), -1)
    number[there[order]] = np.arange(len(there))
    by_deal = np.argsort(number[place], kind="stable")
    bands = np.searchsorted(edges, stays.left - stays.entered)[by_deal]
    deal = number[place][by_deal]
    return Rows(
        number=number,
        won=deals.won[there[order]],
        settled=settled[order],
        stays=np.searchsorted(deal, np.arange(len(there) + 1)),
        deal=deal,
        entered=stays.entered[by_deal],
        left=stays.left[by_deal],
        group=group[by_deal],
        bands=bands,
        first=np.concatenate(([0], np.cumsum(bands))),
        seller=owners,
        block=blocks,
        known=sellers != 0,
        edges=edges,
    )


def _stays(visits: Visits, closed: Numbers, chosen: NDArray[np.bool_]) -> Visits:
    """Return the visits of chosen deals, cut at the close, in order, those with a length."""
    left = np.minimum(visits.left, closed[visits.deal])
    kept = np.flatnonzero(chosen[visits.deal] & (visits.entered < left))
    columns = (visits.seller, visits.stage, left, visits.entered, visits.deal)
    kept = kept[np.lexsort([column[kept] for column in columns])]
    return Visits(
        visits.deal[kept],
        visits.stage[kept],
        visits.seller[kept],
        visits.entered[kept],
        left[kept],
    )


def _grouped(
    seller: Numbers, size: Numbers, stage: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Number blocks and groups; return both of each stay, then seller and block of each group."""
    sizes, size = np.unique_inverse(size)
    stages, stage = np.unique_inverse(stage)
    blocks, block = np.unique_inverse(seller * max(1, len(sizes)) + size)
    groups, group = np.unique_inverse(block * max(1, len(stages)) + stage)
    block_of = groups // max(1, len(stages))
    return block, group, blocks[block_of] // max(1, len(sizes)), block_of


def _settled(block: Numbers, starts: Numbers) -> NDArray[np.bool_]:
    """Return which deals, given the first stay of each, had one block that enough others had."""
    if not len(starts):
        return np.zeros(0, dtype=np.bool_)
    home = np.minimum.reduceat(block, starts)
    settled = home == np.maximum.reduceat(block, starts)
    return np.asarray(settled & (np.bincount(home[settled], minlength=len(block))[home] >= ALIKE))
