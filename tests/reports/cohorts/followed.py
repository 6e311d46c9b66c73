"""Deals for the tests of this folder, written as what a person would say of them."""

import numpy as np
from hypothesis import strategies as st

from contentlib.core.instants import NOT_YET
from contentlib.reports.cohorts.followed import (
    DAY,
    LOST,
    OPEN,
    WON,
    Deals,
    Followed,
    follow,
)

# The day a deal opened, for how many days it ran, and how it ended.
Told = tuple[int, int, int]
AS_OF = 400
told = st.lists(
    st.tuples(st.integers(-50, 420), st.integers(-2, 300), st.sampled_from((OPEN, WON, LOST))),
    max_size=40,
)


def deals_of(rows: list[Told]) -> Deals:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    opened, days, outcome = table.T
    closed = np.where(outcome == OPEN, NOT_YET, (opened + days) * DAY)
    return Deals(opened * DAY, closed, outcome.astype(np.int8))


def followed_of(rows: list[Told], as_of: int = AS_OF) -> Followed:
    return follow(deals_of(rows), as_of * DAY)[0]


def of_age(ages: list[int], ends: list[int]) -> Followed:
    """Return deals followed for some days each, and how each had ended by then."""
    opened = [AS_OF - age if end == OPEN else 0 for age, end in zip(ages, ends, strict=True)]
    return followed_of(list(zip(opened, ages, ends, strict=True)))
