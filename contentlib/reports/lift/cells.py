"""Counts of treated rows and controls, for each asset in each stratum where it was first used."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.lift.first_uses import FirstUses
from contentlib.reports.lift.rows import Rows
from contentlib.reports.lift.runs import Numbers, ranges


@dataclass(frozen=True)
class Cells:
    """Pairs of a stratum and an asset first used there, in rising order.

    Of the rows of the stratum that take part in the comparison with the asset (no use of it yet,
    or the first), `rows` counts all and `won` the won; `treated` and `treated_won` those that hold
    the first use. `of` is the place here of each first use, -1 where no row holds it. `keys` is
    the stratum times `assets`, which is how many there are, plus the asset.
    """

    assets: int
    keys: Numbers
    stratum: Numbers
    asset: Numbers
    treated: Numbers
    treated_won: Numbers
    rows: Numbers
    won: Numbers
    of: Numbers

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Return the treated share of the rows."""
        return self.treated / self.rows

    @property
    def weight(self) -> NDArray[np.float64]:
        """Return treated rows times controls over rows: how much can be learnt here."""
        return self.share * (self.rows - self.treated)

    def find(self, stratum: Numbers, asset: Numbers) -> Numbers:
        """Return the places of some pairs, -1 for those that are not there."""
        wanted = stratum * self.assets + asset
        if not len(self.keys):
            return np.full(len(wanted), -1)
        places = np.searchsorted(self.keys, wanted)
        places[places == len(self.keys)] = 0
        return np.where(self.keys[places] == wanted, places, -1)


def cells_of(rows: Rows, first: FirstUses, assets: int) -> Cells:
    """Return the cells of all first uses; see Cells."""
    held = np.flatnonzero(first.held)
    keys, place = np.unique_inverse(first.stratum[held] * assets + first.asset[held])
    stratum, asset = keys // max(1, assets), keys % max(1, assets)
    of = np.full(len(first.deal), -1)
    of[held] = place
    won = rows.won[first.deal[held]]
    gone, gone_won = _gone(rows, first, assets, stratum, asset)
    every, every_won = _in_strata(rows)
    return Cells(
        assets=assets,
        keys=keys,
        stratum=stratum,
        asset=asset,
        treated=np.bincount(place, minlength=len(keys)),
        treated_won=np.bincount(place[won], minlength=len(keys)),
        rows=every[stratum] - gone,
        won=every_won[stratum] - gone_won,
        of=of,
    )


def _in_strata(rows: Rows) -> tuple[Numbers, Numbers]:
    """Return the number of rows of each stratum, and of the won among them."""
    size = len(rows.seller) * rows.width

    def counted(stays: NDArray[np.bool_] | slice) -> Numbers:
        begin = rows.stratum[stays]
        begun = np.bincount(begin, minlength=size)
        return np.cumsum(begun - np.bincount(begin + rows.bands[stays], minlength=size))

    return counted(slice(None)), counted(rows.won[rows.deal])


def _gone(
    rows: Rows, first: FirstUses, assets: int, stratum: Numbers, asset: Numbers
) -> tuple[Numbers, Numbers]:
    """Return, for each cell, how many rows come after the first use of its asset, and won ones.

    The rows of a stay that come after are a run of bands. A run counts for a cell if it has begun
    but not ended there, so two sorted lists of beginnings and ends answer for all cells.
    """
    begin, end, deal = _runs(rows, first, assets)
    group, band = np.divmod(stratum, rows.width)
    wanted = (group * assets + asset) * rows.width + band
    order = np.argsort(wanted)
    both = []
    for chosen in (slice(None), rows.won[deal]):
        begun = np.searchsorted(np.sort(begin[chosen]), wanted[order], side="right")
        ended = np.searchsorted(np.sort(end[chosen]), wanted[order], side="right")
        count = np.empty(len(order), dtype=np.int64)
        count[order] = begun - ended
        both.append(count)
    return both[0], both[1]


def _runs(rows: Rows, first: FirstUses, assets: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return beginning and end of each run of rows after a first use, and its deal.

    Keys rise by group, asset and band; an end is one behind the last band, in the same group.
    """
    start = first.row + 1
    stay = np.searchsorted(rows.first, start, side="right") - 1
    many = rows.stays[first.deal + 1] - stay
    use = np.repeat(np.arange(len(stay)), many)
    stay = ranges(stay, many)
    base = (rows.group[stay] * assets + first.asset[use]) * rows.width
    begin = base + np.maximum(0, start[use] - rows.first[stay])
    return begin, base + rows.bands[stay], first.deal[use]
