"""Wilson's interval: known values, its bounds, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.wilson import wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(6, 11, 0.2801, 0.7873), (0, 5, 0.0, 0.4345), (5, 5, 0.5655, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_it_gives_the_values_of_the_textbook(
    part: int, whole: int, low: float, high: float
) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_of_no_cases_it_says_that_anything_is_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_holds_the_share_and_stays_between_nothing_and_all(case: tuple[int, int]) -> None:
    part, whole = case
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1


@given(st.integers(1, 1000), st.integers(2, 50))
def test_more_of_the_same_makes_it_narrower(part: int, times: int) -> None:
    low, high = wilson(part, 2 * part)
    lower, higher = wilson(part * times, 2 * part * times)
    assert higher - lower < high - low


@pytest.mark.parametrize(("part", "whole"), [(3, 2), (-1, 4)])
def test_what_is_no_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        wilson(part, whole)
