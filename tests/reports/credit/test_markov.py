"""The removal effect is what is lost when a state is taken out, by whatever way it is computed."""

import random
from collections import Counter, defaultdict
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.credit import Model, markov, without_content
from contentlib.reports.credit.journeys import Journeys
from contentlib.reports.credit.markov import Effects, Paths, paths_of, removal_effects
from tests.reports.credit.oracle import Won, won

STATES = 5
# States, conversions, their value, nulls.
Path = tuple[list[int], int, int, int]
path = st.tuples(
    st.lists(st.integers(0, STATES - 1), max_size=6),
    st.integers(0, 4),
    st.integers(-20, 90),
    st.integers(0, 4),
)
START, CONVERSION, NULL = "start", "conversion", "null"


def columns(found: list[Path]) -> Paths:
    offsets = np.cumsum([0, *(len(states) for states, *_numbers in found)])
    states = np.array([state for each, *_numbers in found for state in each], dtype=np.int64)
    numbers = np.array([numbers for _states, *numbers in found], dtype=np.float64).reshape(-1, 3)
    return Paths(Journeys(states, offsets), *numbers.T)


def effects(found: list[Path], states: int = STATES) -> Effects:
    return removal_effects(columns(found), states)


def taken_out(found: list[Path], gain: str) -> list[float]:
    """Return the effects by taking each state out of the chain and computing it anew."""
    arcs: dict[object, Counter[object]] = defaultdict(Counter)
    worth: Counter[object] = Counter()
    for states, conversions, value, nulls in found:
        if states and conversions + nulls:
            steps = [START, *(state for state, _run in groupby(states))]
            for here, there in pairwise(steps):
                arcs[here][there] += conversions + nulls
            arcs[steps[-1]] += Counter({CONVERSION: conversions, NULL: nulls})
            if conversions:
                worth[steps[-1]] += conversions if gain == "conversions" else max(value, 0)
    whole = expected(arcs, worth, without=None)
    return [
        1 - expected(arcs, worth, without=state) / whole if whole else 0 for state in range(STATES)
    ]


def expected(
    arcs: dict[object, Counter[object]], worth: Counter[object], without: int | None
) -> float:
    """Return what is expected from the start: x = m + Q x. Arcs to what is taken out lose all."""
    states = [state for state in arcs if state != without]
    going = np.array([[arcs[a][b] / arcs[a].total() for b in states] for a in states])
    gain = np.array([worth[state] / arcs[state].total() for state in states])
    if START not in states:
        return 0
    return np.linalg.solve(np.eye(len(states)) - going, gain)[states.index(START)]


@given(st.lists(path, max_size=9))
def test_an_effect_is_what_is_lost_when_a_state_is_taken_out(found: list[Path]) -> None:
    by_formula = effects(found)
    conversions, value = (taken_out(found, gain) for gain in ("conversions", "value"))
    assert by_formula.conversions == pytest.approx(conversions, abs=1e-9)
    positive = any(states and wins and worth > 0 for states, wins, worth, _nulls in found)
    assert by_formula.value == pytest.approx(value if positive else conversions, abs=1e-9)


def test_the_three_journeys_of_the_textbooks() -> None:
    # Bryl, Marketing Multi-Channel Attribution model with R, 2016: one in three journeys converts;
    # without the first channel one in six would, without either of the others none.
    found = [([0, 1, 2], 1, 60, 0), ([0], 0, 0, 1), ([1, 2], 0, 0, 1)]
    by_formula = effects(found, states=3)
    assert by_formula.conversions == pytest.approx([0.5, 1, 1])
    assert by_formula.value == pytest.approx([0.5, 1, 1])
    assert markov.shares(by_formula.conversions) == pytest.approx([0.2, 0.4, 0.4])
    assert markov.credit(by_formula.value, 6001).tolist() == [1200, 2401, 2400]


def test_a_journey_that_goes_back_is_followed_without_end() -> None:
    # 0 → 1 always; from 1 half go back, a quarter wins: b = 1/4 + b/2, so b = 1/2 = b[s]. Taking
    # 1 out loses all, and so does taking 0 out, where every journey begins.
    assert effects([([0, 1, 0, 1], 1, 0, 1)], 2).conversions == pytest.approx([1, 1])
    # Every journey begins with 1, where a third goes on by 0, wins and loses: b = 1/3 + b/3 is 1/2,
    # and without 0 it is 1/3.
    found = [([1, 0, 1], 1, 0, 0), ([1], 0, 0, 1)]
    assert effects(found, 2).conversions == pytest.approx([1 / 3, 1])


def test_the_same_state_again_at_once_is_one_touch() -> None:
    again = effects([([0, 0, 0, 1, 1], 3, 5, 1), ([1, 1], 1, 9, 2)])
    once = effects([([0, 1], 3, 5, 1), ([1], 1, 9, 2)])
    assert again.conversions.tolist() == once.conversions.tolist()
    assert again.value.tolist() == once.value.tolist()


def test_a_loss_after_a_state_moves_credit_to_the_others() -> None:
    found = [([0], 1, 10, 0), ([1], 1, 10, 9)]
    assert effects(found, 2).conversions == pytest.approx([0.5, 0.5])
    longer = [([0, 2], 1, 10, 0), ([2], 0, 0, 50)]
    assert effects(longer, 3).conversions == pytest.approx([1 / 51, 0, 1])


def test_value_tells_states_apart_that_conversions_do_not() -> None:
    found = effects([([0], 1, 90, 0), ([1], 1, 10, 0)], 2)
    assert found.conversions == pytest.approx([0.5, 0.5])
    assert found.value == pytest.approx([0.9, 0.1])


@given(st.lists(path, max_size=9), st.integers(-(10**15), 10**15))
def test_whole_credit_adds_up_and_is_zero_only_without_any_effect(
    found: list[Path], total: int
) -> None:
    value = effects(found).value
    credit = markov.credit(value, total)
    assert credit.sum() == (total if value.any() else 0)
    exact = total * markov.shares(value)
    # 2^-40ths of the largest weight are the grain of it.
    assert np.abs(credit - exact).max() <= 1 + abs(total) * 2**-38


@given(st.lists(path, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_paths_changes_nothing(found: list[Path], chance: random.Random) -> None:
    shuffled = effects(chance.sample(found, len(found)))
    assert shuffled.conversions == pytest.approx(effects(found).conversions, abs=1e-12)


@given(won, st.lists(st.booleans(), min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_closed_deals_are_paths_whatever_the_order_of_their_touches(
    deals: Won, wins: list[bool], chance: random.Random
) -> None:
    outcomes = np.array(wins[: len(deals.amounts)])
    shuffled = Won(deals.amounts, chance.sample(deals.touches, len(deals.touches)))
    amounts, touches = shuffled.columns()
    paths = paths_of(amounts, outcomes, touches, by=touches.asset % 3)
    by_hand = [
        (
            [touch.asset % 3 for touch in deals.of(deal)],
            int(win),
            amount if win else 0,
            int(not win),
        )
        for deal, (amount, win) in enumerate(zip(deals.amounts, wins, strict=False))
    ]
    wanted = columns(by_hand)
    assert paths.journeys.states.tolist() == wanted.journeys.states.tolist()
    assert paths.journeys.offsets.tolist() == wanted.journeys.offsets.tolist()
    for column in ("conversions", "value", "nulls"):
        assert getattr(paths, column).tolist() == getattr(wanted, column).tolist()


@given(won, st.lists(st.booleans(), min_size=8, max_size=8))
def test_credit_and_deals_without_content_are_booked_revenue(deals: Won, wins: list[bool]) -> None:
    amounts, touches = deals.columns()
    outcomes = np.array(wins[: len(amounts)])
    found = removal_effects(paths_of(amounts, outcomes, touches, by=touches.asset), states=7)
    bare = without_content(Model.LINEAR, len(amounts), touches)
    credit = markov.credit(found.value, int(amounts[outcomes & ~bare].sum()))
    assert credit.sum() + amounts[outcomes & bare].sum() == amounts[outcomes].sum()


@pytest.mark.parametrize(
    "found",
    [
        [],
        [([], 5, 5, 5)],
        [([0, 1], 0, 0, 5)],
        [([0, 1], 0, 0, 0)],
    ],
)
def test_nothing_won_with_content_is_no_division_by_zero(found: list[Path]) -> None:
    assert effects(found).conversions.tolist() == [0] * STATES
    assert markov.credit(effects(found).value, 100).tolist() == [0] * STATES
    assert removal_effects(columns([]), 0).value.tolist() == []


def test_without_any_positive_value_the_wins_say_who_gets_it() -> None:
    found = effects([([0], 1, -49, 0), ([1], 3, 0, 0)], 2)
    assert found.value == pytest.approx([0.25, 0.75])
    assert effects([([0], 0, 70, 5), ([1], 1, -1, 0)], 2).value.tolist() == [0, 1]
    assert markov.credit(found.value, -49).tolist() == [-12, -37]


def test_a_path_of_a_million_touches_is_no_trouble() -> None:
    found = effects([([0, 1] * 500_000, 1, 5, 0), ([2], 1, 5, 2)], 3)
    assert found.conversions == pytest.approx([0.5, 0.5, 0.5])


@pytest.mark.parametrize(
    ("change", "states", "reason"),
    [
        ({}, markov.MOST_STATES + 1, "5,000"),
        ({}, 1, "numbered"),
        ({"nulls": np.array([-1.0])}, 2, "negative"),
        ({"value": np.zeros(2)}, 2, "length"),
    ],
)
def test_paths_that_are_none_are_refused(change: dict, states: int, reason: str) -> None:
    facts = {"conversions": np.ones(1), "value": np.ones(1), "nulls": np.ones(1)} | change
    with pytest.raises(ValueError, match=reason):
        removal_effects(Paths(Journeys(np.array([0, 1]), np.array([0, 2])), **facts), states)
