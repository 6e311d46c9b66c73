"""An amount divided by weights is divided whole, exactly, and as fairly as whole units allow."""

from fractions import Fraction
from math import gcd

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from contentlib.reports.credit.remainder import LARGEST_WEIGHT, divided
from tests.reports.credit.oracle import shares

stretch = st.tuples(
    st.integers(-(2**62), 2**62) | st.integers(0, 100),
    st.lists(st.integers(0, LARGEST_WEIGHT) | st.integers(0, 5), max_size=7),
)


def by_hand(stretches: list[tuple[int, list[int]]]) -> list[int]:
    found: list[int] = []
    for amount, weights in stretches:
        whole = [Fraction(weight) for weight in weights]
        found += shares(amount, whole) if any(weights) else [0] * len(weights)
    return found


@given(st.lists(stretch, max_size=6))
@example([(2**63 - 1, [LARGEST_WEIGHT] * 3), (-(2**63) + 1, [1, LARGEST_WEIGHT, 3])])
@example([(5, []), (7, [0, 0]), (0, [1, 1]), (-1, [1, 1])])
def test_many_amounts_at_once_are_divided_as_each_by_hand(
    stretches: list[tuple[int, list[int]]],
) -> None:
    amounts = np.array([amount for amount, _weights in stretches], dtype=np.int64)
    weights = np.array([w for _amount, each in stretches for w in each], dtype=np.int64)
    offsets = np.cumsum([0, *(len(each) for _amount, each in stretches)])
    assert divided(amounts, weights, offsets).tolist() == by_hand(stretches)


@given(st.integers(2**38, 2**40), st.integers(2**38, 2**40), st.sampled_from([-1, 1]))
def test_a_share_that_misses_a_whole_number_by_less_than_floats_can_tell(
    weight: int, other: int, over: int
) -> None:
    total = weight + other
    assume(gcd(weight, total) == 1)
    # amount * weight is one more, or one less, than a multiple of the total.
    amount = over * pow(weight, -1, total) % total
    parts = divided(np.array([amount]), np.array([weight, other]), np.array([0, 2])).tolist()
    assert parts == shares(amount, [Fraction(weight), Fraction(other)])


def test_a_division_that_floats_would_get_wrong() -> None:
    # The shares lie 1/3 above and below a whole number of sixteen digits.
    amounts, weights = np.array([10**16 + 1]), np.array([1, 2, 3])
    parts = divided(amounts, weights, np.array([0, 3])).tolist()
    assert parts == [1666666666666667, 3333333333333334, 5000000000000000]


def test_many_equal_shares_that_floats_would_all_round_up() -> None:
    share, many = 2**40 - 1, 2**14
    weights = np.full(many, LARGEST_WEIGHT)
    parts = divided(np.array([share * many - 1]), weights, np.array([0, many])).tolist()
    assert parts == [share] * (many - 1) + [share - 1]


@pytest.mark.parametrize(
    ("amount", "weights", "error"),
    [
        (100, [1, -1], ValueError),
        (100, [LARGEST_WEIGHT + 1], OverflowError),
        (-(2**63), [1, 1], OverflowError),
    ],
)
def test_what_could_come_out_wrong_is_refused(
    amount: int, weights: list[int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        divided(np.array([amount]), np.array(weights), np.array([0, len(weights)]))


def test_weights_too_many_to_add_up_are_refused() -> None:
    many = np.full(2**21 + 1, LARGEST_WEIGHT)
    with pytest.raises(OverflowError, match="touches"):
        divided(np.array([1]), many, np.array([0, len(many)]))
