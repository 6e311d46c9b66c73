"""The interval of a difference of two shares, against its author's and another program's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from contentlib.core.proportion import Proportion
from contentlib.reports.rates.difference import newcombe

shares = st.integers(1, 400).flatmap(
    lambda whole: st.builds(Proportion, st.integers(0, whole), st.just(whole))
)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_it_is_newcombes_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    # Newcombe (1998), table II, method 10.
    found = newcombe(Proportion(*first), Proportion(*second))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@given(shares, shares)
def test_it_is_what_statsmodels_gives(first: Proportion, second: Proportion) -> None:
    found = newcombe(first, second)
    assert found is not None
    theirs = confint_proportions_2indep(
        first.part, first.whole, second.part, second.whole, method="newcomb", compare="diff"
    )
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-9)


@given(shares, shares)
def test_it_holds_the_difference_and_turns_with_it(first: Proportion, second: Proportion) -> None:
    found, turned = newcombe(first, second), newcombe(second, first)
    assert found is not None
    assert turned is not None
    assert -1 <= found.low <= found.estimate <= found.high <= 1
    assert (-turned.high, -turned.low) == pytest.approx((found.low, found.high))


def test_without_cases_on_a_side_there_is_no_difference() -> None:
    assert newcombe(Proportion(0, 0), Proportion(1, 2)) is None
    assert newcombe(Proportion(1, 2), Proportion(0, 0)) is None
