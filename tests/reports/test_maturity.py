"""When deals are old enough to be told of by those among them that have closed."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.maturity import mature_before


@pytest.mark.parametrize("closed", [1, 2, 19, 20, 21, 40, 41, 100])
def test_deals_are_old_enough_after_the_time_in_which_95_of_100_close(closed: int) -> None:
    ages = list(range(1, closed + 1))
    wanted = next(age for age in ages if 100 * age >= 95 * closed)
    assert mature_before(np.array(ages), 1000) == 1000 - wanted


@given(st.lists(st.integers(0, 10**17), min_size=1, max_size=80), st.integers(0, 2**32))
def test_it_is_numpys_inverse_of_the_distribution_in_any_order(ages: list[int], seed: int) -> None:
    shuffled = random.Random(seed).sample(ages, len(ages))
    # Ninety-five hundredths of some numbers come out of floats a hair above a whole number.
    hair = 1e-9
    wanted = np.quantile(np.array(ages), 0.95 - hair, method="inverted_cdf")
    assert mature_before(np.array(shuffled), 10**17) == 10**17 - wanted


def test_while_nothing_has_closed_no_deal_is_old_enough() -> None:
    assert mature_before(np.array([], dtype=np.int64), 5) is None
