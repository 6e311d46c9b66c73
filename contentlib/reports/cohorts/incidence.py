"""How many deals are still open, won and lost at each age: Kaplan-Meier and Aalen-Johansen.

An open deal counts among those that may end for as long as it has been followed, and is nowhere
taken for lost or left out. At each age t at which some deal ended, n deals had neither ended nor
been followed to their last before t, and d of them ended at t. All that ended at t leave the same
n, whether won or lost, and a deal followed until t exactly is among them: nothing is drawn at
random to put ends of one moment in an order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.core.instants import NOT_YET
from contentlib.reports.cohorts.curve import Curve
from contentlib.reports.cohorts.followed import LOST, WON, Followed


@dataclass(frozen=True)
class RiskTable:
    """For each age at which some deal ended: how many might have, and how many did.

    `times` are distinct, rising ages in microseconds; `at_risk`, `won` and `lost` are counts.
    Nothing is known beyond `until`.
    """

    times: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    won: NDArray[np.int64]
    lost: NDArray[np.int64]
    until: int


@dataclass(frozen=True)
class Incidence:
    """The shares of deals still open, won by then and lost by then; at each age their sum is 1."""

    open: Curve
    won: Curve
    lost: Curve


def risk_table(followed: Followed) -> RiskTable:
    """Return the counts of some deals by age.

    `until` is the longest time that any deal was followed (−1 without a deal), or without end
    where all that were followed so long ended there: none is left of whom more could be told.
    """
    order = np.argsort(followed.age)
    age, end = followed.age[order], followed.end[order]
    first = np.flatnonzero(np.diff(age, prepend=-1))
    times, at_risk = age[first], len(age) - first
    won, lost = _counts(end == WON, first), _counts(end == LOST, first)
    until = int(times[-1]) if len(times) else -1
    if len(times) and won[-1] + lost[-1] == at_risk[-1]:
        until = NOT_YET
    some = won + lost > 0
    return RiskTable(times[some], at_risk[some], won[some], lost[some], until)


def kaplan_meier(table: RiskTable) -> Curve:
    """Return the share of deals still open by age: S(t) = Π (1 − d/n) over the ages up to t.

    Greenwood's variance: S(t)² Σ d / (n (n − d)); 0 once none is open. Sources: Kaplan and Meier,
    Nonparametric Estimation from Incomplete Observations, 1958; Greenwood, The Natural Duration
    of Cancer, 1926.
    """
    ended = table.won + table.lost
    share = np.cumprod(1 - ended / table.at_risk, dtype=np.float64)
    variance = share**2 * np.cumsum(_spread(table))
    return Curve(table.times, share, variance, start=1, until=table.until)


def aalen_johansen(table: RiskTable) -> Incidence:
    """Return the shares still open, won and lost by age, where winning and losing compete.

    F_j(t) = Σ S(t−) d_j/n over the ages up to t, j won or lost, S Kaplan-Meier's share of all that
    are open. To take lost deals for open ones and use Kaplan-Meier would say how many would be
    won if none could be lost. Sources: Aalen and Johansen, An Empirical Transition Matrix for
    Nonhomogeneous Markov Chains, 1978; for the variance, see `_variance`.
    """
    still_open = kaplan_meier(table)
    before = np.concatenate(([1.0], still_open.share))[:-1]
    return Incidence(
        still_open, _incidence(table, table.won, before), _incidence(table, table.lost, before)
    )


def _counts(which: NDArray[np.bool_], first: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return how many of sorted deals are meant at each age, given where each age begins."""
    total = np.concatenate(([0], np.cumsum(which)))
    return np.diff(total[np.append(first, len(which))])


def _spread(table: RiskTable) -> NDArray[np.float64]:
    """Return d / (n (n − d)) of each age; where none is left, any number: it counts for nothing.

    The share open is 0 from then on, and the others no longer change.
    """
    ended = table.won + table.lost
    left: NDArray[np.int64] = np.maximum(table.at_risk - ended, 1)
    return ended / (table.at_risk * left)


def _incidence(table: RiskTable, ended: NDArray[np.int64], before: NDArray[np.float64]) -> Curve:
    """Return the share that ended in one way by age, given the share open before each age."""
    share = np.cumsum(before * ended / table.at_risk)
    variance = _variance(table, ended, share, before)
    return Curve(table.times, share, variance, start=0, until=table.until)


def _variance(
    table: RiskTable,
    ended: NDArray[np.int64],
    share: NDArray[np.float64],
    before: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the variance of an incidence F = `share`, by the delta method.

    Σ (F(t) − F(tᵢ))² d/(n(n − d)) + Σ S(tᵢ−)² d_j(n − d_j)/n³ − 2 Σ (F(t) − F(tᵢ)) S(tᵢ−) d_j/n²
    over tᵢ ≤ t, the squares multiplied out so that running sums serve all t. Where no deal is
    open it equals F (1 − F)/n. Source: Marubini and Valsecchi, Analysing Survival Data from
    Clinical Trials and Observational Studies, 1995, as in SAS and lifelines.
    """
    n, part, spread = table.at_risk, ended / table.at_risk, _spread(table)
    both = before * part / n
    squares = share**2 * np.cumsum(spread) - 2 * share * np.cumsum(spread * share)
    squares += np.cumsum(spread * share**2)
    own = np.cumsum(before**2 * part * (1 - part) / n)
    crossed = share * np.cumsum(both) - np.cumsum(both * share)
    # Where nothing is uncertain the sums miss 0 by a hair, on either side.
    return np.maximum(squares + own - 2 * crossed, 0)
