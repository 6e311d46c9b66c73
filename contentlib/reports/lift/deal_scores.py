"""The sum over deals of the products of their scores, without a table of deals by assets.

The score of a deal for asset a is the sum over its rows in R of (D_a - p) (e - m), e being the
outcome less the effects of the first uses in the row. It is split into a common part, as if the
deal had never used a: minus p (e - m) over all its rows; and an own part, where it did: e - m of
the treated row, and p (e - m) of the rows after it, which leave. The own part is sparse. The
common part of many deals that stayed with one seller needs a few strata only, so their products
are those of small tables.
"""

from dataclasses import dataclass

import numpy as np

from contentlib.reports.lift.cells import Cells
from contentlib.reports.lift.first_uses import FirstUses
from contentlib.reports.lift.rows import Rows
from contentlib.reports.lift.runs import Numbers, Reals, parts, ranges, sums

# A variance needs no more digits, and the products are most of the work.
KIND: type[np.floating] = np.float32
# Deals looked at together, of those that stayed with one seller.
DEALS = 4_096
# Cells of rows, or of a table of deals by assets, looked at together of the others.
SCATTERED = 8_000_000


@dataclass(frozen=True)
class Leftover:
    """All that scores are made of; `effect` is the effect of each first use, `mean` m by cell."""

    rows: Rows
    cells: Cells
    first: FirstUses
    effect: Reals
    mean: Reals


@dataclass(frozen=True)
class Part:
    """The rows of some deals in order: their deal, from 0, stratum and e; `uses` on them.

    `begin` is the number of the first row, `deals` how many deals.
    """

    deals: int
    begin: int
    deal: Numbers
    stratum: Numbers
    left: Reals
    uses: slice
    user: Numbers


@dataclass(frozen=True)
class Local:
    """Tables of p and p m, strata by assets, the last line for strata where nothing was used.

    `line` has the line of each stratum from `base` on, `column` that of each asset, or -1.
    """

    base: int
    line: Numbers
    assets: Numbers
    column: Numbers
    share: Reals
    shift: Reals


def deal_scores(rows: Rows, cells: Cells, first: FirstUses, effects: Reals, mean: Reals) -> Reals:
    """Return a matrix that stands for the sum over deals of u u', assets by assets.

    It may lack symmetry: only x' (sum) x is wanted of it, which is the same.
    """
    every = Leftover(rows, cells, first, effects[first.asset], mean)
    scores = np.zeros((cells.assets, cells.assets))
    own = np.zeros(len(first.deal))
    settled = int(rows.settled.sum())
    for begin, end in _of_one_block(rows, settled):
        _add_settled(scores, own, every, _part(every, begin, end))
    _add_own(scores, first, own)
    for begin, end in _scattered(rows, cells, settled):
        table = _table(every, _part(every, begin, end))
        scores += table.T @ table
    return scores


def _of_one_block(rows: Rows, settled: int) -> list[tuple[int, int]]:
    """Cut the settled deals into parts of one seller and size."""
    block = rows.block[rows.group[rows.stays[:settled]]]
    ends = [*(np.flatnonzero(np.diff(block)) + 1).tolist(), settled]
    cuts = []
    begin = 0
    for end in ends:
        cuts += [(at, min(at + DEALS, end)) for at in range(begin, end, DEALS)]
        begin = end
    return cuts


def _scattered(rows: Rows, cells: Cells, settled: int) -> list[tuple[int, int]]:
    """Cut the deals of several sellers into parts with not too many cells."""
    used = np.bincount(cells.stratum, minlength=len(rows.seller) * rows.width)
    until = np.concatenate(([0], np.cumsum(used)))
    own = until[rows.stratum + rows.bands] - until[rows.stratum]
    before = np.concatenate(([0], np.cumsum(own)))
    costs = np.diff(before[rows.stays])[settled:] + cells.assets
    return [(settled + cut.start, settled + cut.stop) for cut in parts(costs, SCATTERED)]


def _part(every: Leftover, begin: int, end: int) -> Part:
    rows, first = every.rows, every.first
    stays = slice(rows.stays[begin], rows.stays[end])
    start = rows.first[stays.start]
    bands, deal = rows.bands[stays], rows.deal[stays]
    uses = slice(first.starts[begin], first.starts[end])
    held = first.held[uses]
    left = np.repeat(rows.won[deal].astype(np.float64), bands)
    left -= sums(first.row[uses][held] - start, every.effect[uses][held], len(left))
    return Part(
        deals=end - begin,
        begin=int(start),
        deal=np.repeat(deal - begin, bands),
        stratum=ranges(rows.stratum[stays], bands),
        left=left,
        uses=uses,
        user=first.deal[uses] - begin,
    )


def _add_settled(scores: Reals, own: Reals, every: Leftover, part: Part) -> None:
    """Add the common parts of deals of one seller, and their products with the own parts.

    The common part is E P with E (deals by strata: sums of e, and numbers of rows) and P (strata
    by assets: minus p, and p m), so that the sum of products is P' (E'E P + 2 E'own).
    """
    here = _local(every.cells, every.mean, part)
    use = np.flatnonzero(here.column[every.first.asset[part.uses]] >= 0)
    column = here.column[every.first.asset[part.uses]][use]
    line = here.line[part.stratum - here.base]
    gone, row = _rows_after(every, part, use)
    at = line[row], column[gone]
    value = _treated(every, part, use)
    value += sums(gone, here.share[at] * part.left[row] - here.shift[at], len(use))
    own[part.uses.start + use] = value
    table = np.zeros((part.deals, len(here.assets)), dtype=KIND)
    table[part.user[use], column] = value
    place, size = part.deal * len(here.share) + line, part.deals * len(here.share)
    total = sums(place, part.left, size).reshape(part.deals, -1)
    count = sums(place, np.ones(len(place)), size).reshape(part.deals, -1)
    exposed = np.hstack((total, count)).astype(KIND)
    pulls = np.vstack((-here.share, here.shift)).astype(KIND)
    product = pulls.T @ (exposed.T @ exposed @ pulls + 2 * exposed.T @ table)
    if len(here.assets) == len(scores):
        scores += product
    else:
        scores[np.ix_(here.assets, here.assets)] += product


def _local(cells: Cells, mean: Reals, part: Part) -> Local:
    """Return p and p m in the strata of a part."""
    base, top = int(part.stratum.min()), int(part.stratum.max()) + 1
    inside = slice(*np.searchsorted(cells.stratum, [base, top]))
    assets = np.unique(cells.asset[inside])
    if len(assets) > cells.assets / 2:
        # To add a whole table is far quicker than to add to scattered places.
        assets = np.arange(cells.assets)
    strata, spot = np.unique_inverse(cells.stratum[inside])
    column = np.full(cells.assets, -1)
    column[assets] = np.arange(len(assets))
    line = np.full(top - base, len(strata))
    line[strata - base] = np.arange(len(strata))
    share, shift = np.zeros((2, len(strata) + 1, len(assets)))
    place = column[cells.asset[inside]]
    share[spot, place] = cells.share[inside]
    shift[spot, place] = cells.share[inside] * mean[inside]
    return Local(base, line, assets, column, share, shift)


def _treated(every: Leftover, part: Part, use: Numbers) -> Reals:
    """Return e - m of the row that holds each use, 0 where none does."""
    place = part.uses.start + use
    held = every.first.held[place]
    value = np.zeros(len(use))
    row = every.first.row[place[held]] - part.begin
    value[held] = part.left[row] - every.mean[every.cells.of[place[held]]]
    return value


def _rows_after(every: Leftover, part: Part, use: Numbers) -> tuple[Numbers, Numbers]:
    """Return the pairs of a use, by its place among these, and a row of the deal after its own."""
    start = every.first.row[part.uses][use] + 1 - part.begin
    until = np.cumsum(np.bincount(part.deal, minlength=part.deals))[part.user[use]]
    return np.repeat(np.arange(len(use)), until - start), ranges(start, until - start)


def _add_own(scores: Reals, first: FirstUses, own: Reals) -> None:
    """Add the products of the own parts of each deal with one another."""
    size = len(scores)
    scores[np.diag_indices(size)] += sums(first.asset, own**2, size)
    for one, other in first.earlier():
        pair = first.asset[one] * size + first.asset[other]
        scores += sums(pair, 2 * own[one] * own[other], size * size).reshape(size, size)


def _table(every: Leftover, part: Part) -> Reals:
    """Return the scores of some deals, deals by assets, adding up cell by cell."""
    cells = every.cells
    begin = np.searchsorted(cells.stratum, part.stratum)
    many = np.searchsorted(cells.stratum, part.stratum, side="right") - begin
    row, cell = np.repeat(np.arange(len(many)), many), ranges(begin, many)
    pull = cells.share[cell] * (every.mean[cell] - part.left[row])
    place = part.deal[row] * cells.assets + cells.asset[cell]
    table = sums(place, pull, part.deals * cells.assets).reshape(part.deals, cells.assets)
    use = np.arange(len(part.user))
    value = _treated(every, part, use)
    gone, row = _rows_after(every, part, use)
    cell = cells.find(part.stratum[row], every.first.asset[part.uses][gone])
    found = cell >= 0
    back = cells.share[cell] * (part.left[row] - every.mean[cell])
    value += sums(gone[found], back[found], len(use))
    table[part.user, every.first.asset[part.uses]] += value
    return table
