"""What is said of an asset: one of a few sentences, with a number only where it can be defended."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from statistics import NormalDist

import numpy as np

from contentlib.reports.lift.judgement import Judgement
from contentlib.reports.lift.reading import TREATED, Reading

# A difference worth waiting for, and how often it shall be seen if it is there.
WORTH = 0.13
POWER = 0.80
POINT = 0.01


class Verdict(StrEnum):
    """What is said; the first two are both a lack of data."""

    TOO_LITTLE = "too_little"
    TOO_UNCERTAIN = "too_uncertain"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    HIGHER = "higher"
    LOWER_IN_TROUBLE = "lower_in_trouble"


@dataclass(frozen=True)
class Lift:
    """The like-for-like win rate of an asset; differences are fractions of won deals.

    `treated` counts the rows that hold a first use, `sellers` the known sellers who used it beside
    controls. `estimate` is the difference from the typical asset in like situations (from deals in
    like situations, where there are too few assets to tell a typical one), between `low` and `high`
    with 95 % confidence; with `shrunk` they are None where the verdict is a lack of data.
    `without_late` is the estimate without the uses recorded after the outcome, where it differs by
    more than a point; `flag` is set if the asset stands out above the typical one in both readings.
    `needed` is how many treated rows it takes to see a difference of 13 points.
    """

    asset: int
    treated: int
    sellers: int
    estimate: float | None
    low: float | None
    high: float | None
    shrunk: float | None
    flag: bool
    verdict: Verdict
    without_late: float | None
    needed: int


def needed(rate: float) -> int:
    """Return how many treated rows let a difference of 13 points be seen, with power .80.

    ((1.96 + 0.84) / 0.13)^2 rate (1 - rate), for a win rate and controls without number, about 100
    at a win rate of .3; 30 at the least, since fewer are never shown. Source: Fleiss, Levin and
    Paik, Statistical Methods for Rates and Proportions, third edition, 4.
    """
    both = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(POWER)
    return max(TREATED, ceil((both / WORTH) ** 2 * rate * (1 - rate)))


def verdicts(
    ids: list[int], reading: Reading, first: Judgement, second: Judgement, rate: float
) -> list[Lift]:
    """Return what is said of each asset, by the reading with late records and the one without."""
    enough = needed(rate)
    differs = np.abs(second.estimate - first.estimate) > POINT
    lifts = []
    for place, asset in enumerate(ids):
        shown = bool(first.shown[place])
        estimate, half = float(first.estimate[place]), float(first.half[place])
        other = shown and bool(second.shown[place] & differs[place])
        verdict = _verdict(place, reading, first, second)
        lifts.append(
            Lift(
                asset=asset,
                treated=int(reading.treated[place]),
                sellers=int(reading.sellers[place]),
                estimate=estimate if shown else None,
                low=estimate - half if shown else None,
                high=estimate + half if shown else None,
                shrunk=float(first.shrunk[place]) if shown else None,
                flag=verdict is Verdict.HIGHER,
                verdict=verdict,
                without_late=float(second.estimate[place]) if other else None,
                needed=enough,
            )
        )
    return lifts


def _verdict(place: int, reading: Reading, first: Judgement, second: Judgement) -> Verdict:
    if not reading.enough[place]:
        return Verdict.TOO_LITTLE
    if not first.shown[place]:
        return Verdict.TOO_UNCERTAIN
    if first.higher[place] and second.higher[place]:
        return Verdict.HIGHER
    # Never a warning: sellers reach for some assets when a deal is in trouble.
    if first.lower[place] and second.lower[place]:
        return Verdict.LOWER_IN_TROUBLE
    return Verdict.NO_CLEAR_DIFFERENCE
