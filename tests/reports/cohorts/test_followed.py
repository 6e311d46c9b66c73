"""What is known of a deal at a moment, and of which deals nothing can be told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.cohorts.followed import DAY, LOST, OPEN, WON, Deals, LeftOut, follow
from tests.reports.cohorts.followed import AS_OF, Told, deals_of, followed_of, told


def test_an_open_deal_is_followed_until_the_moment_asked_for() -> None:
    followed = followed_of([(390, 0, OPEN), (0, 30, WON), (5, 0, LOST), (400, 0, OPEN)])
    assert followed.age.tolist() == [10 * DAY, 30 * DAY, 0, 0]
    assert followed.end.tolist() == [OPEN, WON, LOST, OPEN]


def test_what_closed_later_was_open_then() -> None:
    followed = followed_of([(390, 30, WON), (390, 10, LOST)])
    assert followed.age.tolist() == [10 * DAY, 10 * DAY]
    assert followed.end.tolist() == [OPEN, LOST]


def test_deals_that_cannot_be_told_of_are_counted_by_reason() -> None:
    rows = [(10, -1, WON), (401, 5, WON), (401, -5, LOST), (500, 0, OPEN), (0, 1, WON)]
    followed, left_out = follow(deals_of(rows), AS_OF * DAY)
    assert left_out == LeftOut(not_yet=2, backwards=2)
    assert followed.place.tolist() == [4]


@given(told, st.integers(-60, 500))
def test_every_deal_is_followed_or_left_out_for_one_reason(rows: list[Told], as_of: int) -> None:
    followed, left_out = follow(deals_of(rows), as_of * DAY)
    assert len(followed) + left_out.not_yet + left_out.backwards == len(rows)
    assert (followed.age >= 0).all()
    assert (followed.opened + followed.age <= as_of * DAY).all()


@given(told)
def test_groups_hold_each_deal_once_with_its_own(rows: list[Told]) -> None:
    keys = np.arange(len(rows)) % 3 - 1
    followed = followed_of(rows)
    groups = dict(followed.by(keys))
    assert list(groups) == sorted(set(keys[followed.place].tolist()))
    for key, group in groups.items():
        places = followed.place[keys[followed.place] == key]
        assert group.place.tolist() == places.tolist()
        assert group.age.tolist() == followed.age[np.isin(followed.place, places)].tolist()


@pytest.mark.parametrize(
    ("opened", "closed", "outcome", "complaint"),
    [
        ([0, 1], [5], [WON], "one length"),
        ([0], [5], [3], "outcome is"),
        ([0], [5], [OPEN], "no close"),
        ([0], [np.iinfo(np.int64).max], [WON], "no close"),
    ],
)
def test_columns_that_no_deals_have_are_refused(
    opened: list[int], closed: list[int], outcome: list[int], complaint: str
) -> None:
    deals = Deals(np.array(opened), np.array(closed), np.array(outcome, dtype=np.int8))
    with pytest.raises(ValueError, match=complaint):
        follow(deals, 10)
