"""The first use of each asset on each deal, and the row that holds it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.lift.facts import Deals, Uses
from contentlib.reports.lift.rows import Rows
from contentlib.reports.lift.runs import Numbers, parts, ranges

# How many pairs are looked at together; more of them take memory and no less time.
PAIRS = 2_000_000


@dataclass(frozen=True)
class FirstUses:
    """First uses by deal, row and asset.

    `row` is the last row that had begun, `held` whether the deal was still in its stage: then it is
    the treated row. Rows after `row` leave the comparison with this asset. A use before the first
    row of its deal has the row before that, and is not held. `starts` has, for each deal and one
    more, its first place here. `asset` counts from 0.
    """

    deal: Numbers
    asset: Numbers
    row: Numbers
    held: NDArray[np.bool_]
    stratum: Numbers
    starts: Numbers

    def earlier(self) -> Iterator[tuple[Numbers, Numbers]]:
        """Give the pairs of uses of one deal, the earlier or as early one first, some at a time."""
        rank = np.arange(len(self.deal)) - self.starts[self.deal]
        for part in parts(rank, PAIRS):
            many = rank[part]
            later = np.repeat(np.arange(part.start, part.stop), many)
            yield ranges(self.starts[self.deal[part]], many), later


@dataclass(frozen=True)
class Ordered:
    """Uses on deals that have rows, by deal, asset and moment; `deal` is the number in Rows."""

    deal: NDArray[np.int32]
    asset: NDArray[np.int32]
    at: Numbers
    late: NDArray[np.bool_]


def ordered(rows: Rows, deals: Deals, uses: Uses, ids: Numbers) -> Ordered:
    """Return the uses up to the close of deals that have rows; `ids` are the assets, rising."""
    deal = rows.number[uses.deal].astype(np.int32)
    kept = np.flatnonzero((deal >= 0) & (uses.at <= deals.closed[uses.deal]))
    deal, asset = deal[kept], np.searchsorted(ids, uses.asset[kept]).astype(np.int32)
    order = np.lexsort((uses.at[kept], asset, deal))
    kept = kept[order]
    return Ordered(deal[order], asset[order], uses.at[kept], uses.late[kept])


def first_uses(rows: Rows, uses: Ordered, *, late: bool) -> FirstUses:
    """Return the first use of each asset on each deal, those recorded late counted or not."""
    places = np.arange(len(uses.deal)) if late else np.flatnonzero(~uses.late)
    deal, asset = uses.deal[places], uses.asset[places]
    new = np.ones(len(places), dtype=np.bool_)
    new[1:] = (deal[1:] != deal[:-1]) | (asset[1:] != asset[:-1])
    places = places[new]
    at, which = uses.at[places], uses.asset[places].astype(np.int64)
    on = uses.deal[places].astype(np.int64)
    stay = _last_begun(rows, on, at)
    before = stay < rows.stays[on]
    stay = np.where(before, rows.stays[on], stay)
    band = np.searchsorted(rows.edges, at - rows.entered[stay], side="right") - 1
    band = np.minimum(band, rows.bands[stay] - 1)
    # A use before the first row has band -1 of it, which is the row before.
    row = rows.first[stay] + band
    order = np.lexsort((which, row, on))
    held = ~before & (at <= rows.left[stay])
    return FirstUses(
        deal=on[order],
        asset=which[order],
        row=row[order],
        held=held[order],
        stratum=(rows.stratum[stay] + band)[order],
        starts=np.searchsorted(on, np.arange(len(rows.won) + 1)),
    )


def _last_begun(rows: Rows, deal: Numbers, at: Numbers) -> Numbers:
    """Return the last stay of each deal begun by a moment, or the one before its first."""
    low, high = rows.stays[deal], rows.stays[deal + 1]
    # All deals are halved together, as often as the longest of them needs.
    for _ in range(int((high - low).max(initial=0)).bit_length()):
        middle = (low + high) // 2
        begun = (low < high) & (rows.entered[np.minimum(middle, high - 1)] <= at)
        high = np.where(begun | (low == high), high, middle)
        low = np.where(begun, middle + 1, low)
    return low - 1
