"""The interval of a share, against values computed elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from contentlib.core.proportion import Proportion, score_interval, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(9, 14, 0.3876, 0.8366), (0, 5, 0.0, 0.4345), (5, 5, 0.5655, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_it_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_share_found_lies_within(part: int, others: int) -> None:
    whole = part + others
    low, high = wilson(part, whole)
    assert 0 <= low <= high <= 1
    if whole:
        assert low <= part / whole <= high


@given(st.integers(1, 1000), st.integers(2, 50))
def test_more_of_the_same_makes_it_narrower(part: int, times: int) -> None:
    low, high = wilson(part, 2 * part)
    lower, higher = wilson(part * times, 2 * part * times)
    assert higher - lower < high - low


def test_without_a_case_anything_may_be() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert not Proportion(4, 4).is_telling
    assert Proportion(0, 5).is_telling


def test_a_part_is_not_larger_than_its_whole() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(st.integers(0, 500), st.integers(0, 500))
def test_it_is_the_interval_that_statsmodels_gives(part: int, others: int) -> None:
    whole = part + others
    if whole:
        theirs = proportion_confint(part, whole, method="wilson")
        assert wilson(part, whole) == pytest.approx(theirs, abs=1e-12)


def test_cases_that_are_no_whole_number_lie_between_those_that_are() -> None:
    fewer, between, more = (score_interval(0.25, cases) for cases in (20, 20.5, 21))
    assert fewer[0] < between[0] < more[0]
    assert fewer[1] > between[1] > more[1]
