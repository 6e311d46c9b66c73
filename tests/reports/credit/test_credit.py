"""Every model shares each deal as it is defined, and what it shares is booked revenue."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlib.reports.credit import Model, Touches, credit, credits_by, without_content
from contentlib.reports.credit.journeys import Journeys, halves
from contentlib.reports.credit.weights import by_place
from tests.reports.credit import oracle
from tests.reports.credit.oracle import DAY, Touch, Won, won

models = st.sampled_from(list(Model))


def by_id(model: Model, deals: Won) -> dict[int, int]:
    amounts, touches = deals.columns()
    return dict(zip(touches.id.tolist(), credit(model, amounts, touches).tolist(), strict=True))


def on_one_deal(model: Model, amount: int, *touches: tuple[int, int, int]) -> list[int]:
    """Share a deal among touches given as asset, day and mark."""
    found = [Touch(0, asset, day * DAY, n, mark) for n, (asset, day, mark) in enumerate(touches)]
    return list(by_id(model, Won([amount], found)).values())


@given(models, won)
def test_credit_and_deals_without_content_are_booked_revenue(model: Model, deals: Won) -> None:
    amounts, touches = deals.columns()
    bare = without_content(model, len(amounts), touches)
    shared = credit(model, amounts, touches)
    assert shared.sum() + amounts[bare].sum() == sum(deals.amounts)
    for deal, amount in enumerate(deals.amounts):
        assert shared[touches.deal == deal].sum() == (0 if bare[deal] else amount)


@pytest.mark.parametrize("model", list(Model))
@settings(max_examples=40)
@given(deals=won)
def test_every_model_is_what_its_definition_says(model: Model, deals: Won) -> None:
    assert by_id(model, deals) == oracle.credit(model, deals)


@given(models, won, st.randoms(use_true_random=False))
def test_the_order_of_deals_and_touches_changes_nothing(
    model: Model, deals: Won, chance: random.Random
) -> None:
    places = chance.sample(range(len(deals.amounts)), len(deals.amounts))
    moved = [replace(touch, deal=places[touch.deal]) for touch in deals.touches]
    amounts = [0] * len(places)
    for deal, place in enumerate(places):
        amounts[place] = deals.amounts[deal]
    shuffled = Won(amounts, chance.sample(moved, len(moved)))
    assert by_id(model, shuffled) == by_id(model, deals)


@given(models, won)
def test_a_correction_takes_back_exactly_what_was_given(model: Model, deals: Won) -> None:
    opposite = Won([-amount for amount in deals.amounts], deals.touches)
    assert by_id(model, opposite) == {id_: -share for id_, share in by_id(model, deals).items()}


@given(models, won, st.data())
def test_asking_for_more_evidence_never_credits_more_deals(
    model: Model, deals: Won, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=30, max_size=30))
    fewer = Won(deals.amounts, [t for t, keep in zip(deals.touches, kept, strict=False) if keep])
    bare, barer = (
        without_content(model, len(deals.amounts), each.columns()[1]) for each in (deals, fewer)
    )
    assert not (bare & ~barer).any()


@given(won)
def test_models_together_say_what_each_says_alone(deals: Won) -> None:
    together = credits_by(list(Model), *deals.columns())
    for model, shared in together.items():
        assert (shared == credit(model, *deals.columns())).all()


@given(st.lists(st.tuples(st.integers(1, 500), st.sets(st.integers(0, 4))), min_size=1, max_size=8))
def test_linear_unique_is_the_shapley_value_over_all_coalitions(
    sets: list[tuple[int, set[int]]],
) -> None:
    # Of multiples of 60 cents each share is whole, so that rounding plays no part.
    amounts = [units * 60 for units, _assets in sets]
    touches = [(deal, asset) for deal, (_units, assets) in enumerate(sets) for asset in assets]
    deals = Won(amounts, [Touch(*pair, 0, n, 0) for n, pair in enumerate(touches)])
    shared = by_id(Model.LINEAR_UNIQUE, deals)

    def worth(coalition: set[int]) -> int:
        return sum(
            amount
            for amount, (_units, assets) in zip(amounts, sets, strict=True)
            if assets and assets <= coalition
        )

    for asset in range(5):
        others = set(range(5)) - {asset}
        value = Fraction(0)
        for size in range(5):
            for joined in map(set, combinations(others, size)):
                orders = factorial(size) * factorial(4 - size)
                gain = worth(joined | {asset}) - worth(joined)
                value += Fraction(orders, factorial(5)) * gain
        assert value == sum(shared[touch.id] for touch in deals.touches if touch.asset == asset)


@pytest.mark.parametrize(
    ("model", "one", "two", "four"),
    [
        (Model.LINEAR_UNIQUE, [1000], [500, 500], [334, 333, 0, 333]),
        (Model.LINEAR, [1000], [500, 500], [250, 250, 250, 250]),
        (Model.FIRST, [1000], [1000, 0], [1000, 0, 0, 0]),
        (Model.LAST, [1000], [0, 1000], [0, 0, 0, 1000]),
        (Model.U, [1000], [500, 500], [400, 100, 100, 400]),
        (Model.J, [1000], [250, 750], [200, 100, 100, 600]),
        (Model.INVERSE_J, [1000], [750, 250], [600, 100, 100, 200]),
        (Model.DECAY, [1000], [333, 667], [67, 133, 267, 533]),
        (Model.CONFIRMED, [1000], [1000, 0], [333, 0, 0, 667]),
    ],
)
def test_the_models_on_deals_worked_out_by_hand(
    model: Model, one: list[int], two: list[int], four: list[int]
) -> None:
    touches = [(1, 0, 1), (2, 30, 0), (1, 60, 1), (3, 90, 2)]
    assert on_one_deal(model, 1000, touches[0]) == one
    assert on_one_deal(model, 1000, *touches[:2]) == two
    assert on_one_deal(model, 1000, *touches) == four


def test_a_touch_weighs_half_of_one_thirty_days_later_wherever_the_close_is() -> None:
    assert on_one_deal(Model.DECAY, 300, (1, 0, 0), (2, 30, 0)) == [100, 200]
    # Between them lie 45 days: 2^-1.5 of 1.
    assert on_one_deal(Model.DECAY, 10**6, (1, 0, 0), (2, 45, 0)) == [261204, 738796]


def test_a_touch_years_before_the_last_is_no_division_by_zero() -> None:
    assert on_one_deal(Model.DECAY, 10**6, (1, -20_000, 0), (2, 0, 0)) == [0, 10**6]


def test_touches_of_the_same_second_go_by_the_number_of_their_event() -> None:
    assert on_one_deal(Model.FIRST, 100, (1, 0, 0), (2, 0, 0)) == [100, 0]
    assert on_one_deal(Model.LINEAR, 101, (2, 0, 0), (1, 0, 0)) == [51, 50]


def test_a_decisive_asset_counts_double_however_often_it_was_used() -> None:
    shared = on_one_deal(Model.CONFIRMED, 300, (1, 0, 2), (1, 1, 2), (2, 2, 1), (3, 3, 0))
    assert shared == [200, 0, 100, 0]


def test_a_mark_that_stands_on_a_later_touch_only_is_not_lost() -> None:
    assert on_one_deal(Model.CONFIRMED, 300, (1, 0, 0), (1, 1, 1), (1, 2, 2)) == [0, 300, 0]


def test_a_deal_that_nothing_helped_is_uncredited() -> None:
    amounts, touches = Won([500, 700], [Touch(0, 1, 0, 1, 0), Touch(1, 1, 0, 2, 1)]).columns()
    assert credit(Model.CONFIRMED, amounts, touches).tolist() == [0, 700]
    assert without_content(Model.CONFIRMED, 2, touches).tolist() == [True, False]
    assert without_content(Model.LINEAR, 2, touches).tolist() == [False, False]


@pytest.mark.parametrize("model", list(Model))
def test_a_deal_with_a_million_touches_is_shared_to_the_cent(model: Model) -> None:
    number, amount = 10**6, 10**15 - 1
    ids = np.arange(number)
    touches = Touches(
        np.zeros(number, dtype=np.int64),
        ids % 2000,
        ids // 2 * 10**6,
        ids,
        (ids % 3).astype(np.int8),
    )
    shared = credit(model, np.array([amount]), touches)
    assert shared.sum() == amount
    assert shared.min() >= 0
    if model in (Model.LINEAR_UNIQUE, Model.CONFIRMED):
        assert np.flatnonzero(shared).max() < 6000, "later touches of an asset have no share"


@pytest.mark.parametrize("model", list(Model))
def test_an_empty_period_credits_nothing(model: Model) -> None:
    amounts, touches = Won([], []).columns()
    assert credit(model, amounts, touches).tolist() == []
    assert without_content(model, 0, touches).tolist() == []


def test_what_cannot_be_added_up_is_refused_and_never_wrong() -> None:
    _amounts, touches = Won([0, 0], [Touch(0, 1, 0, 1, 0)]).columns()
    with pytest.raises(OverflowError, match="added up"):
        credit(Model.LINEAR, np.array([2**62, 2**62]), touches)


def test_touches_that_fit_no_deal_or_each_other_are_refused() -> None:
    _amounts, touches = Won([0, 0], [Touch(1, 1, 0, 1, 0)]).columns()
    with pytest.raises(ValueError, match="not among those"):
        credit(Model.LINEAR, np.array([100]), touches)
    with pytest.raises(ValueError, match="differ in length"):
        replace(touches, at=np.zeros(2, dtype=np.int64))
    with pytest.raises(ValueError, match="ids of assets"):
        replace(touches, asset=np.array([-1]))
    with pytest.raises(ValueError, match="mark"):
        replace(touches, helped=np.array([3], dtype=np.int8))


def test_a_model_that_needs_more_than_the_order_is_told_so() -> None:
    with pytest.raises(ValueError, match="decay needs more"):
        by_place(Model.DECAY, Journeys(np.array([1, 2]), np.array([0, 2])))


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(2**16 - 3, 2**16 + 3)))
def test_numbers_in_halves_sort_as_they_do_whole(numbers: list[int]) -> None:
    column = np.array(numbers, dtype=np.int64)
    assert np.lexsort(halves(column)).tolist() == np.argsort(column, kind="stable").tolist()
