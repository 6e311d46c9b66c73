"""Credit adds up to booked revenue, to the cent, whatever the ledger."""

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.credit import Ledger, WonDeals, linear_unique, shares

# The amount of a deal, and the assets that touched it.
Deal = tuple[int, list[int]]
deals = st.lists(
    st.tuples(st.integers(0, 10**13), st.lists(st.integers(1, 40), max_size=9, unique=True)),
    max_size=40,
)


def credited(won: list[Deal]) -> Ledger:
    touches = [(place, asset) for place, (_amount, assets) in enumerate(won) for asset in assets]
    both = np.array(touches, dtype=np.int64).reshape(-1, 2)
    amounts = np.array([amount for amount, _assets in won], dtype=np.int64)
    return linear_unique(WonDeals(amounts, both[:, 0], both[:, 1]))


@given(deals)
def test_credit_and_what_is_without_content_are_booked_revenue(won: list[Deal]) -> None:
    result = credited(won)
    assert sum(result.credit.values()) + result.uncredited == result.booked
    assert result.booked == sum(amount for amount, _assets in won)


@given(deals)
def test_each_deal_is_shared_by_itself(won: list[Deal]) -> None:
    credit: Counter[int] = Counter()
    touched: Counter[int] = Counter()
    for amount, assets in won:
        parts = shares(amount, [Fraction(1)] * len(assets)) if assets else []
        credit.update(dict(zip(sorted(assets), parts, strict=True)))
        touched.update(dict.fromkeys(assets, amount))
    result = credited(won)
    assert result.credit == dict(credit)
    assert result.touched == dict(touched)
    assert result.deals == dict(Counter(asset for _amount, assets in won for asset in assets))
    assert result.uncredited == sum(amount for amount, assets in won if not assets)
    assert result.uncredited_deals == sum(1 for _amount, assets in won if not assets)


@given(deals, st.integers(0, 2**32))
def test_the_order_of_deals_changes_nothing(won: list[Deal], seed: int) -> None:
    shuffled = random.Random(seed).sample(won, len(won))
    assert credited(shuffled) == credited(won)


@given(deals)
def test_no_asset_gets_more_than_it_touched(won: list[Deal]) -> None:
    result = credited(won)
    assert all(result.credit[asset] <= touched for asset, touched in result.touched.items())


@given(
    st.integers(0, 10**13),
    st.lists(st.fractions(0, 100, max_denominator=50), min_size=1).filter(any),
)
def test_shares_are_whole_and_add_up(amount: int, weights: list[Fraction]) -> None:
    parts = shares(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    assert all(
        abs(part - amount * weight / total) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_shares_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        shares(100, [Fraction(0), Fraction(0)])


def test_the_cent_that_is_left_over_goes_to_the_first_assets() -> None:
    assert credited([(100, [7, 3, 9])]).credit == {3: 34, 7: 33, 9: 33}


def test_what_cannot_be_added_up_is_refused_and_never_wrong() -> None:
    with pytest.raises(OverflowError):
        credited([(2**62, [1]), (2**62, [1])])


def test_a_firm_without_won_deals_has_no_overlap_factor() -> None:
    assert credited([]).overlap is None
