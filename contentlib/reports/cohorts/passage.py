"""From stage to stage: how many deals went on, and how many were lost where."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.core.instants import NOT_YET
from contentlib.core.proportion import Proportion
from contentlib.reports.cohorts.followed import LOST, OPEN, WON, Followed

UNKNOWN = -1


@dataclass(frozen=True)
class Visits:
    """Arrivals of deals at stages, as columns; in any order, repeated or not.

    `deal` is a deal's place in the columns of deals, `stage` the place of a stage in its pipeline
    from 0, `entered` microseconds since 1970 in UTC, `value` the deal's amount at that moment in
    minor units of one currency.
    """

    deal: NDArray[np.int64]
    stage: NDArray[np.int64]
    entered: NDArray[np.int64]
    value: NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """A number of deals, and the sum of their values on entering a stage, in minor units."""

    deals: int
    value: int


@dataclass(frozen=True)
class Passage:
    """What became of the deals that entered a stage: the four others add up to `entered`.

    `went_on` entered a later stage; of those that never did, `won` and `lost` ended so and `open`
    are still open.
    """

    stage: int
    entered: Tally
    went_on: Tally
    won: Tally
    lost: Tally
    open: Tally

    @property
    def drop_off(self) -> Proportion:
        """Return the deals lost here, of those that are no longer here."""
        return Proportion(self.lost.deals, self.entered.deals - self.open.deals)

    @property
    def value_drop_off(self) -> tuple[int, int]:
        """Return the value lost here and the value that is no longer here, in minor units."""
        return self.lost.value, self.entered.value - self.open.value


def passages(followed: Followed, visits: Visits, stages: int) -> list[Passage]:
    """Return what became of the deals that entered each of some stages, numbered from 0.

    A deal enters a stage when it arrives there for the first time and has been at no later one
    before; of stages it entered at one moment, the earlier comes first. So a move back is no
    entry and undoes none, and a deal is lost, won or open at the furthest stage it reached: each
    ended deal that was at any stage is lost or won at one stage exactly. Arrivals after `as_of`
    and those of deals that are not followed do not count. Sums of values are exact, however
    large. Raises ValueError for columns of different lengths, a stage that is not one of these and
    a negative place of a deal.
    """
    _refuse_contradictions(visits, stages)
    ends = _ends(followed, visits)
    known = (ends[visits.deal] != UNKNOWN) & (visits.entered <= followed.as_of)
    later = np.full(len(ends), NOT_YET)
    found = []
    for stage in reversed(range(stages)):
        here = np.flatnonzero(known & (visits.stage == stage))
        first, value = _first_arrivals(visits, here, len(ends))
        entered = (first < NOT_YET) & (first <= later)
        went_on = entered & (later < NOT_YET)
        stayed = [entered & ~went_on & (ends == end) for end in (WON, LOST, OPEN)]
        found.append(
            Passage(stage, *(_tally(which, value) for which in (entered, went_on, *stayed)))
        )
        later = np.minimum(later, first)
    return found[::-1]


def _refuse_contradictions(visits: Visits, stages: int) -> None:
    """Raise ValueError for columns that no arrivals can have."""
    lengths = {len(visits.deal), len(visits.stage), len(visits.entered), len(visits.value)}
    if len(lengths) > 1:
        raise ValueError("the columns of arrivals must be of one length")
    if ((visits.stage < 0) | (visits.stage >= stages)).any():
        raise ValueError(f"a stage is a number from 0 to {stages - 1}")
    if (visits.deal < 0).any():
        raise ValueError("a deal is the place of its columns, from 0")


def _ends(followed: Followed, visits: Visits) -> NDArray[np.int8]:
    """Return how the deal at each place ended; UNKNOWN where none is followed."""
    places = max(followed.place.max(initial=-1), visits.deal.max(initial=-1)) + 1
    ends = np.full(places, UNKNOWN, dtype=np.int8)
    ends[followed.place] = followed.end
    return ends


def _first_arrivals(
    visits: Visits, here: NDArray[np.intp], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when each deal first arrived by some visits, NOT_YET if never, and its value then.

    Of values told of one moment it is the smallest, whatever the order.
    """
    deal, entered = visits.deal[here], visits.entered[here]
    first, value = np.full(size, NOT_YET), np.full(size, NOT_YET)
    np.minimum.at(first, deal, entered)
    at_first = entered == first[deal]
    np.minimum.at(value, deal[at_first], visits.value[here[at_first]])
    return first, value


def _tally(which: NDArray[np.bool_], value: NDArray[np.int64]) -> Tally:
    """Return the number and the value of some deals; halves are added, so no sum overflows."""
    values = value[which]
    high, low = values >> 32, values & (2**32 - 1)
    return Tally(len(values), (int(high.sum()) << 32) + int(low.sum()))
