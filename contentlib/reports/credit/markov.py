"""Markov credit of order 1, exact: what would be lost if a state were taken out of all journeys.

A path is what some deals touched in order, the same for all of them; won deals end it in
conversions, lost ones in nulls, open ones are not there. States are best few and broad, such as
types or collections. Sources: Anderl, Becker, von Wangenheim and Schumann, Mapping the Customer
Journey, 2016 (the removal effect); Kemeny and Snell, Finite Markov Chains, 1960 (N).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.credit.journeys import Journeys, Mask, Touches, Whole, in_order
from contentlib.reports.credit.remainder import LARGEST_WEIGHT, divided

Real = NDArray[np.float64]


class ByPaths(StrEnum):
    """The model that looks at all deals together, won and lost, and shares none by itself."""

    MARKOV = "markov"


# A matrix of so many states is 200 MB; a few of them are needed at once.
MOST_STATES = 5_000


@dataclass(frozen=True)
class Paths:
    """Paths and what came of each: how many conversions, worth how much together, and nulls.

    The states of the journeys are numbered from 0. `conversions` and `nulls` are not negative and
    `value`, in any unit, may be. Raises ValueError where the columns do not fit.
    """

    journeys: Journeys
    conversions: Real
    value: Real
    nulls: Real

    def __post_init__(self) -> None:
        if {len(self.conversions), len(self.value), len(self.nulls)} != {len(self)}:
            raise ValueError("the columns of paths differ in length")
        if min(self.conversions.min(initial=0), self.nulls.min(initial=0)) < 0:
            raise ValueError("conversions and nulls must not be negative")

    def __len__(self) -> int:
        return len(self.journeys.lengths)


@dataclass(frozen=True)
class Effects:
    """The removal effect of each state on the number of conversions, and on their value."""

    conversions: Real
    value: Real


def paths_of(amounts: Whole, won: Mask, touches: Touches, by: Whole) -> Paths:
    """Return the path of each closed deal, given the deals' amounts in minor units and outcomes.

    `by` int64[T] is the state of each touch, from 0; a deal without touches is an empty path.
    """
    order, journeys = in_order(touches, len(amounts))
    return Paths(
        Journeys(by[order], journeys.offsets),
        conversions=won.astype(np.float64),
        value=np.where(won, amounts, 0).astype(np.float64),
        nulls=(~won).astype(np.float64),
    )


def removal_effects(paths: Paths, states: int) -> Effects:
    """Return what share of all conversions, and of their value, each state is indispensable for.

    Identical consecutive touches collapse. Arcs start → w_1 → … → w_m count conversions + nulls,
    w_m → conversion the conversions and w_m → null the nulls. With Q the probabilities among
    states, r those of conversion, N = (I - Q)^-1, b = N r and s the start:

        RE_a = N[s,a] b[a] / (N[a,a] b[s])

    which is the probability of ever coming to a, times that of converting from there, over that
    of converting at all: exactly 1 - P(conversion with a removed) / P(conversion). For the value
    the expected value m of a last touch stands in place of r. Negative values, and those of paths
    without a conversion, count as 0 there, so that an effect always lies between 0 and 1; where no
    value is positive, the effects on conversions stand in. Without a conversion all effects are 0,
    and so is that of a state on no path. Empty paths belong to no state and are left out.

    Shapes: float64[states] twice. Raises ValueError where a state is not below `states`, or there
    are more than 5,000 of them.
    """
    if states > MOST_STATES:
        raise ValueError(f"the Markov model takes at most {MOST_STATES:,} different states")
    chain = _Chain(paths, states)
    conversions = chain.effects(paths.conversions)
    value = chain.effects(np.where(paths.conversions > 0, np.maximum(paths.value, 0), 0))
    return Effects(conversions, value if value.any() else conversions)


class _Chain:
    """The chain of some paths; all that is asked of it needs one inverse only."""

    def __init__(self, paths: Paths, states: int) -> None:
        self.journeys, self.states = paths.journeys, states
        found = self.journeys.states
        if len(found) and (found.min() < 0 or found.max() >= states):
            raise ValueError(f"states are numbered from 0 to {states - 1}")
        self.weight = paths.conversions + paths.nulls

    def ending(self, each: Real) -> Real:
        """Return the sum of something over the paths that end in each state."""
        return self._at(self.journeys.ends, each)

    def effects(self, outcome: Real) -> Real:
        """Return the removal effects on an outcome of the paths."""
        b = self._visits @ _ratio(self.ending(outcome), self._leaving)
        entering = self._at(self.journeys.starts, self.weight)
        start = _ratio(entering, entering.sum())
        through = (start @ self._visits) * b / self._visits.diagonal()
        # What is zero may come out of the inverse a hair below it.
        return np.clip(_ratio(through, start @ b), 0, 1)

    @cached_property
    def _arcs(self) -> Real:
        states, size = self.journeys.states, self.states
        weights = self.journeys.of_deals(self.weight)
        # From the last touch of a path no arc leads to the first of the next.
        weights[self.journeys.ends] = 0
        arcs = summed(states[:-1] * size + states[1:], weights[:-1], size**2).reshape(size, size)
        # Touches of the same state that follow each other are one. No effect depends on it: such
        # an arc makes N[s,a] and N[a,a] larger alike.
        np.fill_diagonal(arcs, 0)
        return arcs

    @cached_property
    def _leaving(self) -> Real:
        return self._arcs.sum(axis=1) + self.ending(self.weight)

    @cached_property
    def _visits(self) -> Real:
        """Return N: from each state, how often each state is come to."""
        going = np.eye(self.states) - _ratio(self._arcs, self._leaving[:, None])
        return np.asarray(np.linalg.inv(going), dtype=np.float64)

    def _at(self, places: Whole, each: Real) -> Real:
        journeys = self.journeys
        found = journeys.states[places]
        return summed(found, each[journeys.lengths > 0], self.states)


def summed(places: Whole, values: Real, size: int) -> Real:
    """Return the sum of the values at each place from 0 until just before `size`."""
    return np.bincount(places, values, minlength=size).astype(np.float64)


def _ratio(part: Real, whole: Real | np.float64) -> Real:
    """Return parts of a whole; of nothing there is none."""
    return np.divide(part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0)


def shares(effects: Real) -> Real:
    """Return RE_a / ΣRE: the share of each state in all credit, or 0 where all effects are 0."""
    return _ratio(effects, effects.sum())


def credit(effects: Real, total: int) -> Whole:
    """Return the credit of each state, RE_a / ΣRE * total, in whole minor units that add up.

    `total` is what the won deals with a touch are worth, so that credit and the deals without
    content are booked revenue. Effects count in whole 2^-40ths of the largest, and what rounding
    leaves over goes by largest remainder, as in `divided`. Where all effects are 0, which no won
    deal with a touch allows, nothing is credited.
    """
    weights = np.rint(_ratio(effects, effects.max(initial=0)) * LARGEST_WEIGHT).astype(np.int64)
    return divided(np.array([total]), weights, np.array([0, len(weights)]))
