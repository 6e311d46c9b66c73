"""Credit adds up to booked revenue, to the cent, whatever the ledger."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.credit import WonDeal, linear_unique, shares

deals = st.lists(
    st.builds(
        WonDeal,
        deal_id=st.integers(1, 10**6),
        amount=st.integers(0, 10**13),
        assets=st.frozensets(st.integers(1, 40), max_size=9),
    ),
    max_size=40,
)


@given(deals)
def test_credit_and_what_is_without_content_are_booked_revenue(ledger: list[WonDeal]) -> None:
    result = linear_unique(ledger)
    assert sum(result.credit.values()) + result.uncredited == result.booked
    assert result.booked == sum(deal.amount for deal in ledger)


@given(deals, st.integers(0, 2**32))
def test_the_order_of_deals_changes_nothing(ledger: list[WonDeal], seed: int) -> None:
    shuffled = random.Random(seed).sample(ledger, len(ledger))
    assert linear_unique(shuffled) == linear_unique(ledger)


@given(deals)
def test_no_asset_gets_more_than_it_touched(ledger: list[WonDeal]) -> None:
    result = linear_unique(ledger)
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
    assert linear_unique([WonDeal(1, 100, frozenset({7, 3, 9}))]).credit == {3: 34, 7: 33, 9: 33}


def test_the_equal_share_is_the_share_by_equal_weights() -> None:
    parts = shares(1001, [Fraction(1)] * 4)
    assert parts == list(linear_unique([WonDeal(1, 1001, frozenset(range(4)))]).credit.values())


def test_a_firm_without_won_deals_has_no_overlap_factor() -> None:
    assert linear_unique([]).overlap is None
