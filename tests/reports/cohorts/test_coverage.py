"""In firms of which the truth is known, intervals hold it as often as they say."""

import numpy as np
import pytest

from contentlib.core.instants import NOT_YET
from contentlib.reports.cohorts.cycle import cycles
from contentlib.reports.cohorts.followed import DAY, LOST, WON, Deals, follow
from contentlib.reports.cohorts.incidence import aalen_johansen, risk_table

FIRMS, MEAN, WINS, DAYS = 600, 60, 0.3, 200


def a_firm(chance: np.random.Generator, deals: int) -> Deals:
    """Return deals opened evenly over 200 days that close after 60 on average; some later."""
    opened = (chance.random(deals) * DAYS * DAY).astype(np.int64)
    closed = opened + (chance.exponential(MEAN, deals) * DAY).astype(np.int64)
    outcome = np.where(chance.random(deals) < WINS, WON, LOST).astype(np.int8)
    return Deals(opened, closed, outcome)


@pytest.mark.parametrize("deals", [30, 80, 400])
def test_intervals_hold_the_truth_as_often_as_they_say(deals: int) -> None:
    chance = np.random.default_rng(deals)
    gone = 1 - np.exp(-90 / MEAN)
    held = np.zeros(3)
    for _ in range(FIRMS):
        followed, _left_out = follow(a_firm(chance, deals), DAYS * DAY)
        incidence = aalen_johansen(risk_table(followed))
        for which, curve, truth in ((0, incidence.won, WINS * gone), (1, incidence.open, 1 - gone)):
            _share, low, high = curve.at(90 * DAY)
            # Where no deal was followed for so long nothing is said, and nothing is wrong.
            held[which] += not (low > truth or high < truth)
        (cycle,) = cycles(followed, np.zeros(deals, dtype=np.int64))
        median = MEAN * np.log(2) * DAY
        low_age, high_age = cycle.to_close.low, cycle.to_close.high
        held[2] += (low_age or 0) <= median <= (high_age or NOT_YET)
    assert ((held / FIRMS > 0.925) & (held / FIRMS < 0.98)).all(), held / FIRMS
