"""From stage to stage: each deal is counted once at each stage, and ends at one."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.proportion import Proportion
from contentlib.reports.cohorts.followed import DAY, LOST, OPEN, WON
from contentlib.reports.cohorts.passage import Passage, Tally, Visits, passages
from tests.reports.cohorts.followed import AS_OF, Told, followed_of, told

# The place of a deal, the stage it arrives at, the day, and its value then.
Arrival = tuple[int, int, int, int]
STAGES = 4
arrivals = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.integers(0, STAGES - 1),
        st.integers(-50, 420),
        st.integers(-(10**6), 10**12),
    ),
    max_size=120,
)


def visits_of(rows: list[Arrival]) -> Visits:
    deal, stage, day, value = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Visits(deal, stage, day * DAY, value)


def passed(deals: list[Told], rows: list[Arrival]) -> list[Passage]:
    return passages(followed_of(deals), visits_of(rows), STAGES)


def counts(passage: Passage) -> tuple[int, ...]:
    tallies = (passage.entered, passage.went_on, passage.won, passage.lost, passage.open)
    return tuple(tally.deals for tally in tallies)


def test_an_example_by_hand() -> None:
    deals = [(0, 50, WON), (0, 60, LOST), (0, 70, LOST), (0, 0, OPEN)]
    rows = [(deal, 0, 0, 100) for deal in range(4)]
    rows += [(0, 1, 10, 120), (1, 1, 10, 90), (3, 1, 20, 100), (0, 2, 30, 150)]
    first, second, third, fourth = passed(deals, rows)
    assert counts(first) == (4, 3, 0, 1, 0)
    assert counts(second) == (3, 1, 0, 1, 1)
    assert counts(third) == (1, 0, 1, 0, 0)
    assert counts(fourth) == (0, 0, 0, 0, 0)
    assert (second.entered.value, second.lost.value, second.open.value) == (310, 90, 100)


def test_drop_off_is_of_the_deals_that_are_no_longer_there() -> None:
    deals = [(0, 9, LOST), (0, 9, WON), (0, 0, OPEN), (0, 9, LOST)]
    rows = [(0, 0, 0, 10), (1, 0, 0, 20), (2, 0, 0, 40), (3, 0, 0, 80), (3, 1, 1, 80)]
    first, second, third, _fourth = passed(deals, rows)
    assert first.drop_off == Proportion(1, 3)
    assert first.value_drop_off == (10, 110)
    assert second.drop_off == Proportion(1, 1)
    assert third.drop_off == Proportion(0, 0)


def test_a_move_back_is_no_entry_and_undoes_none() -> None:
    deals = [(0, 50, LOST)]
    rows = [(0, 0, 0, 5), (0, 2, 10, 6), (0, 1, 20, 7), (0, 0, 30, 8), (0, 2, 40, 9)]
    first, second, third, _fourth = passed(deals, rows)
    assert counts(first) == (1, 1, 0, 0, 0)
    assert counts(second) == (0, 0, 0, 0, 0)
    assert counts(third) == (1, 0, 0, 1, 0)
    assert (first.entered.value, third.lost.value) == (5, 6)


def test_stages_entered_at_one_moment_were_entered_in_their_order() -> None:
    first, second, _third, _fourth = passed([(0, 50, WON)], [(0, 1, 3, 8), (0, 0, 3, 8)])
    assert (counts(first), counts(second)) == ((1, 1, 0, 0, 0), (1, 0, 1, 0, 0))


def test_what_comes_later_is_not_known_yet() -> None:
    deals = [(0, 500, LOST)]
    rows = [(0, 0, 0, 1), (0, 1, AS_OF, 1), (0, 2, AS_OF + 1, 1)]
    first, second, third, _fourth = passed(deals, rows)
    assert counts(first) == (1, 1, 0, 0, 0)
    assert counts(second) == (1, 0, 0, 0, 1)
    assert counts(third) == (0, 0, 0, 0, 0)


def test_the_value_is_that_of_the_first_arrival() -> None:
    first, *_others = passed([(0, 0, OPEN)], [(0, 0, 9, 1), (0, 0, 3, 7), (0, 0, 5, 2)])
    assert first.open == Tally(1, 7)


def test_arrivals_of_deals_that_are_left_out_do_not_count() -> None:
    deals = [(0, -5, WON), (0, 5, WON)]
    first, *_others = passed(deals, [(0, 0, 0, 1), (1, 0, 0, 1), (7, 0, 0, 1)])
    assert counts(first) == (1, 0, 1, 0, 0)


def by_hand(deals: list[Told], rows: list[Arrival]) -> list[tuple[list[int], list[int]]]:
    """Follow each deal on its way, one by one."""
    followed = followed_of(deals)
    found = [([0] * 5, [0] * 5) for _stage in range(STAGES)]
    for place, end in zip(followed.place.tolist(), followed.end.tolist(), strict=True):
        way = sorted(
            (day, stage, value)
            for deal, stage, day, value in rows
            if deal == place and day <= AS_OF
        )
        steps: list[tuple[int, int]] = []
        for _day, stage, value in way:
            if not steps or stage > steps[-1][0]:
                steps.append((stage, value))
        for step, (stage, value) in enumerate(steps):
            fate = 1 if step < len(steps) - 1 else {WON: 2, LOST: 3, OPEN: 4}[end]
            for tally in (0, fate):
                found[stage][0][tally] += 1
                found[stage][1][tally] += value
    return found


@given(told, arrivals)
def test_each_deal_is_counted_as_when_followed_on_its_way(
    deals: list[Told], rows: list[Arrival]
) -> None:
    for passage, (numbers, values) in zip(passed(deals, rows), by_hand(deals, rows), strict=True):
        assert list(counts(passage)) == numbers
        parts = (passage.entered, passage.went_on, passage.won, passage.lost, passage.open)
        assert [tally.value for tally in parts] == values


@given(told, arrivals, st.integers(0, 2**32))
def test_the_order_of_arrivals_and_repeats_change_nothing(
    deals: list[Told], rows: list[Arrival], seed: int
) -> None:
    shuffled = random.Random(seed).sample(rows + rows, 2 * len(rows))
    assert passed(deals, shuffled) == passed(deals, rows)


@given(told, arrivals)
def test_each_deal_that_was_anywhere_ends_or_stays_at_one_stage(
    deals: list[Told], rows: list[Arrival]
) -> None:
    ends = dict(zip(followed_of(deals).place, followed_of(deals).end, strict=True))
    there = {deal for deal, _stage, day, _value in rows if day <= AS_OF and deal in ends}
    result = passed(deals, rows)
    for which, end in ((2, WON), (3, LOST), (4, OPEN)):
        assert sum(counts(passage)[which] for passage in result) == sum(
            ends[deal] == end for deal in there
        )


def test_values_larger_than_64_bits_together_are_added_exactly() -> None:
    large = 2**62 + 3
    deals = [(0, 0, OPEN)] * 5
    first, *_others = passed(deals, [(deal, 0, 0, large) for deal in range(5)])
    assert first.open == Tally(5, 5 * large)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [([(0, STAGES, 0, 0)], "stage is"), ([(0, -1, 0, 0)], "stage is"), ([(-1, 0, 0, 0)], "place")],
)
def test_arrivals_that_cannot_be_are_refused(rows: list[Arrival], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        passed([(0, 0, OPEN)], rows)


def test_columns_of_different_lengths_are_refused() -> None:
    one, two = np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.int64)
    with pytest.raises(ValueError, match="one length"):
        passages(followed_of([]), Visits(one, one, two, one), STAGES)
