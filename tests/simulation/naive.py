"""The comparison that everybody makes first: won with the asset, and won without it."""

from dataclasses import dataclass

import numpy as np

from contentlib.core.instants import NOT_YET
from tests.simulation.firm import Floats, Ints
from tests.simulation.records import Records

# Fewer deals with an asset are not compared by anybody.
FEWEST = 30


@dataclass(frozen=True)
class Naive:
    """Differences of the share won and the ends of their 95 % intervals, one for each asset."""

    estimate: Floats
    low: Floats
    high: Floats


def naive(records: Records, assets: int) -> Naive:
    """Compare closed deals with each asset and without: p₁ − p₀ ± 1.96·√(Σ p(1 − p)/n).

    Not a number where fewer than 30 closed deals have the asset, or all of them.
    """
    closed = records.deals.closed != NOT_YET
    pair = np.unique(records.uses.deal * assets + records.uses.asset)
    deal, asset = np.divmod(pair[closed[pair // assets]], assets)
    count = np.bincount(asset, minlength=assets)
    won = np.bincount(asset[records.deals.won[deal]], minlength=assets)
    wins = (records.deals.won & closed).sum()
    with_it, with_error = _share(won, count)
    without, without_error = _share(wins - won, closed.sum() - count)
    estimate = with_it - without
    half = 1.96 * np.sqrt(with_error + without_error)
    return Naive(estimate, estimate - half, estimate + half)


def _share(won: Ints, count: Ints) -> tuple[Floats, Floats]:
    """Give the share won and the variance of it."""
    share = np.where(count >= FEWEST, won / np.maximum(count, 1), np.nan)
    return share, share * (1 - share) / np.maximum(count, 1)
