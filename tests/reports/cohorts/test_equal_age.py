"""Cohorts are compared at an age that all their deals have reached."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.proportion import Proportion
from contentlib.reports.cohorts.equal_age import at_equal_age
from contentlib.reports.cohorts.followed import DAY, LOST, OPEN, WON
from contentlib.reports.cohorts.incidence import aalen_johansen, risk_table
from tests.reports.cohorts.followed import AS_OF, Told, followed_of, told

AGES = (7, 30, 90, 180)


def keys_of(rows: list[Told]) -> np.ndarray:
    return np.array([opened // 30 for opened, _days, _outcome in rows], dtype=np.int64)


def test_an_example_by_hand() -> None:
    rows = [
        (0, 5, WON),
        (0, 7, WON),
        (10, 40, LOST),
        (20, 200, WON),
        (25, 0, OPEN),
        # The next cohort; its youngest deal is 45 days old.
        (330, 20, WON),
        (355, 0, OPEN),
    ]
    old, young = at_equal_age(followed_of(rows), keys_of(rows))
    assert (old.key, old.opened, old.won, old.lost, old.still_open) == (0, 5, 3, 1, 1)
    assert old.won_by == tuple(Proportion(part, 5) for part in (2, 2, 2, 2))
    assert old.lost_by == tuple(Proportion(part, 5) for part in (0, 0, 1, 1))
    assert young.won_by == (Proportion(0, 2), Proportion(1, 2), None, None)
    assert young.lost_by == (Proportion(0, 2), Proportion(0, 2), None, None)


def test_the_naive_share_is_immature_while_deals_are_open() -> None:
    rows = [(0, 5, WON), (0, 9, LOST), (0, 0, OPEN), (100, 5, WON), (100, 9, LOST)]
    open_yet, done = at_equal_age(followed_of(rows), np.array([1, 1, 1, 2, 2]))
    assert (open_yet.naive, open_yet.is_immature) == (Proportion(1, 3), True)
    assert (done.naive, done.is_immature) == (Proportion(1, 2), False)


def test_a_fall_that_is_only_youth_is_none_at_equal_age() -> None:
    # Both cohorts win a tenth by day 30 and another tenth by day 200; one is too young for that.
    fates = [(10, WON)] * 10 + [(200, WON)] * 10 + [(300, LOST)] * 80
    rows = [(opened, days, end) for opened in (0, 330) for days, end in fates]
    old, young = at_equal_age(followed_of(rows), keys_of(rows), ages=[30])
    assert old.naive.part > young.naive.part
    assert old.won_by == young.won_by == (Proportion(10, 100),)


@pytest.mark.parametrize(("moment", "reached"), [(0, True), (-1, False)])
def test_a_cohort_reaches_an_age_at_the_very_moment(moment: int, reached: bool) -> None:
    rows = [(AS_OF - 30, 0, OPEN)]
    followed = followed_of(rows)
    late = type(followed)(
        followed.place, followed.opened, followed.age, followed.end, followed.as_of + moment
    )
    (cohort,) = at_equal_age(late, keys_of(rows), ages=[30])
    assert (cohort.won_by[0] is not None) == reached


@given(told)
def test_by_an_age_it_has_reached_a_cohort_has_won_what_incidence_says(rows: list[Told]) -> None:
    keys, followed = keys_of(rows), followed_of(rows)
    cohorts = at_equal_age(followed, keys, AGES)
    groups = list(followed.by(keys))
    assert [cohort.key for cohort in cohorts] == [key for key, _group in groups]
    for cohort, (_key, group) in zip(cohorts, groups, strict=True):
        incidence = aalen_johansen(risk_table(group))
        for age, won, lost in zip(AGES, cohort.won_by, cohort.lost_by, strict=True):
            if won and lost:
                shares = [
                    float(curve.at(age * DAY)[0]) for curve in (incidence.won, incidence.lost)
                ]
                assert [won.part / won.whole, lost.part / lost.whole] == pytest.approx(shares)


@given(told)
def test_more_is_won_and_lost_with_age_and_never_more_than_so_far(rows: list[Told]) -> None:
    for cohort in at_equal_age(followed_of(rows), keys_of(rows), AGES):
        for by, so_far in ((cohort.won_by, cohort.won), (cohort.lost_by, cohort.lost)):
            parts = [share.part for share in by if share]
            assert parts == sorted(parts)
            assert max(parts, default=0) <= so_far


@given(told, st.integers(0, 2**32))
def test_the_order_of_deals_changes_nothing(rows: list[Told], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    ours = at_equal_age(followed_of(rows), keys_of(rows))
    assert at_equal_age(followed_of(shuffled), keys_of(shuffled)) == ours


def test_without_deals_there_is_no_cohort() -> None:
    assert at_equal_age(followed_of([]), keys_of([])) == []
