"""How many uses it takes, against published sizes and another program's power."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import (
    power_proportions_2indep,
    samplesize_proportions_2indep_onetail,
)

from contentlib.reports.rates.needed import uses_needed


def test_published_sizes_come_out() -> None:
    # R's power.prop.test(p1 = .6, p2 = .7, power = .8): n = 355.9 on each side.
    assert uses_needed(base=0.6, difference=0.1, treated=0.5) == 356
    # The example of its manual, at a power of 90 %: n = 76.7.
    assert uses_needed(base=0.5, difference=0.25, treated=0.5, power=0.9) == 77


def test_about_a_hundred_uses_show_thirteen_points() -> None:
    needed = uses_needed(base=0.3, difference=0.13, treated=0.02)
    assert needed == pytest.approx(100, abs=5)


cases = (
    st.floats(0.05, 0.6),
    st.floats(0.05, 0.35),
    st.floats(0.05, 0.95),
)


@given(*cases)
def test_they_give_the_power_and_one_less_does_not(
    base: float, difference: float, treated: float
) -> None:
    needed = uses_needed(base=base, difference=difference, treated=treated)
    assert needed is not None
    ratio = (1 - treated) / treated
    theirs = samplesize_proportions_2indep_onetail(difference, base, 0.8, ratio=ratio)
    assert needed == pytest.approx(theirs + 0.5, abs=0.5 + 1e-6)
    power = power_proportions_2indep(difference, base, needed, ratio=ratio, return_results=False)
    assert power >= 0.8 - 1e-9


@given(*cases)
def test_smaller_differences_and_rarer_other_deals_need_more(
    base: float, difference: float, treated: float
) -> None:
    needed = uses_needed(base=base, difference=difference, treated=treated)
    smaller = uses_needed(base=base, difference=difference * 0.8, treated=treated)
    assert needed is not None
    assert smaller is not None
    assert smaller > needed


def test_a_share_that_cannot_be_is_never_seen() -> None:
    assert uses_needed(base=0.95, difference=0.13, treated=0.5) is None
    assert uses_needed(base=0.05, difference=-0.13, treated=0.5) is None


@pytest.mark.parametrize("base", [-0.1, 1.2, float("nan")])
def test_a_base_that_is_no_share_is_refused(base: float) -> None:
    with pytest.raises(ValueError, match="a base is"):
        uses_needed(base=base, difference=0.1, treated=0.5)


def test_no_difference_is_never_looked_for() -> None:
    with pytest.raises(ValueError, match="is not 0"):
        uses_needed(base=0.3, difference=0, treated=0.5)


@pytest.mark.parametrize("wrong", [{"treated": 0.0}, {"treated": 1.0}, {"level": 0}, {"power": 1}])
def test_what_must_be_between_none_and_all_is(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        uses_needed(**{"base": 0.3, "difference": 0.1, "treated": 0.5} | wrong)
