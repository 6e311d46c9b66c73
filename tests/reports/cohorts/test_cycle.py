"""How long deals take, with those that have not ended yet."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

from contentlib.reports.cohorts.cycle import Cycle, Times, cycles
from contentlib.reports.cohorts.followed import DAY, LOST, OPEN, WON, Followed
from tests.reports.cohorts.followed import Told, followed_of, of_age, told
from tests.reports.cohorts.test_incidence import RELAPSED, REMISSION, drawn

NOTHING = Times(None, None, None, None, None, None)


def cycle_of(followed: Followed) -> Cycle:
    (cycle,) = cycles(followed, np.zeros(followed.place.max() + 1, dtype=np.int64))
    return cycle


def test_open_deals_make_the_median_longer() -> None:
    closed = of_age([10, 20, 30], [WON, LOST, LOST])
    with_open = of_age([10, 20, 30, 30, 40, 50], [WON, LOST, LOST, OPEN, OPEN, OPEN])
    assert cycle_of(closed).to_close.median == 20 * DAY
    assert cycle_of(with_open).to_close.median == 30 * DAY
    assert cycle_of(with_open).still_open == 3


def test_the_median_of_a_published_example_comes_out() -> None:
    # As R's survfit(conf.type = "log-log") tells: 23 weeks (13, not known).
    times = cycle_of(of_age(REMISSION, RELAPSED)).to_close
    assert (times.quarter, times.median, times.low) == (13 * DAY, 23 * DAY, 13 * DAY)
    assert (times.three_quarters, times.four_fifths, times.high) == (None, None, None)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size", [20, 300])
def test_quantiles_are_those_of_lifelines_and_statsmodels(seed: int, size: int) -> None:
    followed = drawn(seed, size, ties=True)
    # Somebody is followed for longest: where none is left open, lifelines takes limits for 1.
    followed = of_age([*(followed.age // DAY).tolist(), 99], [*followed.end.tolist(), OPEN])
    times = cycle_of(followed).to_close
    days, ended = followed.age // DAY, followed.end != OPEN
    theirs = KaplanMeierFitter().fit(days, ended)
    # Three quarters of the deals, worked out as a product, may miss .75 by a hair.
    levels = np.array([0.75, 0.5, 0.25, 0.2]) + 1e-9
    wanted = [qth_survival_time(level, theirs.survival_function_) for level in levels]
    ours = [times.quarter, times.median, times.three_quarters, times.four_fifths]
    assert in_days(*ours) == wanted
    limits = theirs.confidence_interval_.iloc
    wanted = [qth_survival_time(0.5, limits[:, column]) for column in (0, 1)]
    assert in_days(times.low, times.high) == wanted
    assert in_days(times.low, times.high) == list(SurvfuncRight(days, ended).quantile_ci(0.5))


def in_days(*ages: int | None) -> list[float]:
    return [np.inf if age is None else age / DAY for age in ages]


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60))
def test_without_open_deals_quantiles_are_those_of_the_ages(ages: list[int]) -> None:
    times = cycle_of(of_age(ages, [LOST] * len(ages))).to_close
    parts = [0.25, 0.5, 0.75]
    wanted = np.quantile(ages, parts, method="inverted_cdf") * DAY
    assert [times.quarter, times.median, times.three_quarters] == wanted.tolist()
    assert times.four_fifths == sorted(ages)[-(-4 * len(ages) // 5) - 1] * DAY


def test_time_to_won_counts_lost_deals_as_never_won() -> None:
    ages = list(range(1, 101))
    # A third of the deals is won: a quarter of all is by day 75, half never.
    cycle = cycle_of(of_age(ages, [(OPEN, LOST, LOST, WON)[1 + age % 3] for age in ages]))
    assert cycle.to_won.quarter == 74 * DAY
    assert cycle.to_won.median is None
    # Who took the lost ones for open would say that half were won long before the last day.
    alone = cycle_of(of_age(ages, [WON if age % 3 == 2 else OPEN for age in ages]))
    assert alone.to_close.median is not None


def test_the_interval_of_time_to_won_holds_its_median() -> None:
    times = cycle_of(drawn_mostly_won()).to_won
    assert times.median is not None
    assert times.low is not None
    assert times.high is not None
    assert times.low < times.median < times.high


def drawn_mostly_won() -> Followed:
    chance = np.random.default_rng(7)
    ages = chance.integers(1, 90, 300).tolist()
    return of_age(ages, chance.choice([OPEN, WON, LOST], 300, p=[0.1, 0.7, 0.2]).tolist())


def test_the_median_among_won_is_of_deals_that_are_old_enough() -> None:
    rows = [(0, 100, LOST), (10, 40, WON), (20, 60, WON), (30, 80, WON), (299, 50, WON)]
    # 95 % of five are all five, so 100 days: opened before day 300. The other two are too young.
    rows += [(300, 1, WON), (301, 1, WON)]
    cycle = cycle_of(followed_of(rows))
    assert (cycle.mature_won, cycle.among_won) == (4, 50 * DAY)


def test_all_groups_are_measured_from_one_moment_on() -> None:
    rows = [(0, 390, LOST), (20, 5, WON), (5, 5, WON)]
    slow, quick = cycles(followed_of(rows), np.array([1, 2, 2]))
    assert (slow.key, slow.mature_won, slow.among_won) == (1, 0, None)
    assert (quick.key, quick.mature_won, quick.among_won) == (2, 1, 5 * DAY)


def test_while_nothing_has_closed_nothing_is_said() -> None:
    cycle = cycle_of(of_age([1, 50], [OPEN, OPEN]))
    assert (cycle.deals, cycle.still_open) == (2, 2)
    assert cycle.to_close == cycle.to_won == NOTHING
    assert cycle.among_won is None


def test_deals_that_all_end_at_once_have_a_median_without_an_interval() -> None:
    times = cycle_of(of_age([5, 5, 5], [WON, LOST, LOST])).to_close
    assert times == Times(5 * DAY, 5 * DAY, 5 * DAY, 5 * DAY, low=None, high=None)


@given(told, st.integers(0, 2**32))
def test_the_order_of_deals_changes_nothing(rows: list[Told], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    ours, theirs = (
        cycles(followed_of(some), np.array([opened % 3 for opened, _, _ in some], dtype=np.int64))
        for some in (rows, shuffled)
    )
    assert ours == theirs


@given(told)
def test_groups_add_up_to_all_deals(rows: list[Told]) -> None:
    followed = followed_of(rows)
    groups = cycles(followed, np.arange(len(rows)) % 4)
    assert sum(group.deals for group in groups) == len(followed)
    assert sum(group.won for group in groups) == (followed.end == WON).sum()
    assert sum(group.still_open for group in groups) == (followed.end == OPEN).sum()
