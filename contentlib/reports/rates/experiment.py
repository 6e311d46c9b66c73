"""What showing an asset did, where a draw decided whether to show it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.core.proportion import score_interval
from contentlib.reports.rates.difference import Difference, hybrid


@dataclass(frozen=True)
class Arm:
    """The deals that one side of the draw got.

    `share` is the share won, deals weighted by how unlikely they were to get here; `effective`
    is how many deals of equal weight would tell the share as well.
    """

    deals: int
    share: float
    effective: float

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share: Wilson's, for the effective number of deals."""
        return score_interval(self.share, self.effective)


@dataclass(frozen=True)
class Experiment:
    """The two sides, the share won with the asset shown less that without, and what was left out.

    `undrawn` counts deals in which the asset was sure to be shown, or not to be: no draw.
    """

    shown: Arm
    withheld: Arm
    difference: Difference
    undrawn: int


def intention_to_treat(
    won: NDArray[np.bool_], shown: NDArray[np.bool_], propensity: NDArray[np.float64]
) -> Experiment | None:
    """Return what it did to show an asset in a drawn place; None where a side has no deal.

    One row a deal, in the order of all three columns: whether it was won in the end, whether the
    first draw in which the asset took part put it there, and the probability with which that was
    to happen. Deals must be old enough to have ended. The figure estimates, over the deals in
    which the asset took part in a draw, the share that would be won if it were shown in all of
    them less that if it were shown in none; whether anybody used it is not asked, so no choice of
    a seller enters.

    The share of an arm is Σ w y/Σ w with w = 1/propensity where shown and 1/(1 − propensity) where
    not (Hájek), its variance v = Σ w² (y − share)²/(Σ w)². Its interval is Wilson's for as many
    deals as would have that variance, share (1 − share)/v (Korn and Graubard, 1998), and never for
    more than uneven weights leave at the best, (Σ w)²/Σ w² (Kish, 1965): in a few deals v may come
    out small by chance. That of the difference is Newcombe's hybrid of the two. With one propensity
    for all, all of this is the plain difference with Newcombe's interval.

    Raises ValueError for columns of different lengths, for a propensity that is none, and where
    what was sure did not happen. Sources: Hájek, Comment, in Foundations of Statistical
    Inference, 1971; Newcombe, 1998.
    """
    _refuse_contradictions(won, shown, propensity)
    drawn = (propensity > 0) & (propensity < 1)
    first = _arm(won[drawn & shown], propensity[drawn & shown])
    second = _arm(won[drawn & ~shown], 1 - propensity[drawn & ~shown])
    if first is None or second is None:
        return None
    difference = hybrid(first.share, first.interval, second.share, second.interval)
    return Experiment(first, second, difference, undrawn=int((~drawn).sum()))


def _arm(won: NDArray[np.bool_], chance: NDArray[np.float64]) -> Arm | None:
    """Return an arm, given how likely each of its deals was to get there; None without deals."""
    if not len(won):
        return None
    weight = 1 / chance
    weight /= weight.sum()
    share = float(weight[won].sum()) if not won.all() else 1.0
    variance = float((weight**2 * (won - share) ** 2).sum())
    effective = 1 / float((weight**2).sum())
    if 0 < share < 1:
        effective = min(effective, share * (1 - share) / variance)
    return Arm(len(won), share, effective)


def _refuse_contradictions(
    won: NDArray[np.bool_], shown: NDArray[np.bool_], propensity: NDArray[np.float64]
) -> None:
    """Raise ValueError for columns that no draws can have."""
    if not len(won) == len(shown) == len(propensity):
        raise ValueError("the columns of an experiment must be of one length")
    if not ((propensity >= 0) & (propensity <= 1)).all():
        raise ValueError("a propensity is a number from 0 to 1")
    if (shown & (propensity == 0) | ~shown & (propensity == 1)).any():
        raise ValueError("what was sure to be shown was not, or the other way round")
