"""Which deals, rows and first uses take part."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlib.core.instants import NOT_YET
from contentlib.reports.lift import Deals, Uses, Visits, lift
from contentlib.reports.lift import rows as rows_module
from contentlib.reports.lift.first_uses import first_uses, ordered
from contentlib.reports.lift.rows import DAY, mature, rows_of
from contentlib.reports.lift.runs import parts, ranges
from tests.reports.lift import reference
from tests.reports.lift.ledgers import AS_OF, Firm, counted, firm


def a_deal(*stays: tuple[int, int], uses: tuple[int, ...] = (), closed: int | None = None) -> Firm:
    """Make a deal of days: stays from and to, and uses of one asset."""
    end = max(left for _entered, left in stays) if closed is None else closed
    whole = np.array(stays, dtype=np.int64) * DAY
    zero, one = np.zeros(len(stays), dtype=np.int64), np.ones(len(uses), dtype=np.int64)
    return Firm(
        Deals(np.array([0]), np.array([end * DAY]), np.array([True]), np.array([1])),
        Visits(zero, zero, zero + 3, whole[:, 0], whole[:, 1]),
        Uses(one - 1, one, np.array(uses, dtype=np.int64) * DAY, one == 0),
    )


def test_young_deals_wait_until_the_usual_cycle_is_over() -> None:
    # Twenty deals of 10 days and one of 100: the 95th percentile is 10 days.
    opened = np.append(np.arange(20), 30) * DAY
    closed = opened + np.append(np.full(20, 10), 100) * DAY
    deals = Deals(opened, closed, opened > 0, opened)
    assert mature(deals, 200 * DAY).all()
    assert not mature(deals, 29 * DAY)[19:].any()
    assert mature(deals, 29 * DAY)[:19].all()
    assert mature(deals, 29 * DAY + 1)[19]


def test_open_deals_and_those_closed_before_they_opened_are_left_out() -> None:
    opened = np.array([5, 5, 5]) * DAY
    deals = Deals(opened, np.array([NOT_YET, 0, 6 * DAY]), opened > 0, opened)
    assert mature(deals, AS_OF).tolist() == [False, False, True]
    assert not mature(deals, 1).any()


def test_a_row_begins_only_while_the_deal_is_still_there() -> None:
    whole = a_deal((0, 14), (14, 14), (14, 15), (20, 320))
    rows = rows_of(whole.deals, whole.visits, AS_OF)
    # Bands begin at 0, 3, 7, 14, 28, 56, 112 days; the stay without length has no row.
    assert rows.bands.tolist() == [3, 1, 7]


def test_a_stay_ends_with_its_deal() -> None:
    whole = a_deal((0, 10_000), closed=5)
    visits = replace(whole.visits, left=np.array([NOT_YET]))
    assert rows_of(whole.deals, visits, AS_OF).bands.tolist() == [2]


def test_large_firms_have_finer_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = a_deal((0, 112))
    assert rows_of(whole.deals, whole.visits, AS_OF).bands.tolist() == [6]
    monkeypatch.setattr(rows_module, "FINE_ABOVE", 0)
    assert rows_of(whole.deals, whole.visits, AS_OF).bands.tolist() == [13]


@pytest.mark.parametrize(
    ("day", "row", "held"),
    [
        (-1, -1, False),
        (0, 0, True),
        (2, 0, True),
        (3, 1, True),
        (5, 1, True),
        (6, 1, False),
        (8, 2, True),
        (10, 2, True),
    ],
)
def test_the_row_of_a_first_use(day: int, row: int, held: bool) -> None:
    # Three days, then two more in the same stay; nobody knows where the deal was until day 7.
    whole = a_deal((0, 5), (7, 10), uses=(day, 9))
    found = counted(whole)
    assert found.first.row.tolist() == [row]
    assert found.first.held.tolist() == [held]


def test_a_use_after_the_close_is_none() -> None:
    assert len(counted(a_deal((0, 5), uses=(6,))).first.row) == 0


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=15, deadline=None)
def test_counts_of_cells_are_those_of_the_rows(seed: int, late: bool) -> None:
    any_firm = firm(seed, 30)
    cells = counted(any_firm, late=late).cells
    rows = reference.long(any_firm, late=late)
    expected = []
    for asset in range(rows.first.shape[1]):
        for stratum in np.unique(rows.stratum[rows.first[:, asset] == 1]):
            part = rows.taking_part[:, asset] & (rows.stratum == stratum)
            used = part & (rows.first[:, asset] == 1)
            won, used_won = rows.won[part].sum(), rows.won[used].sum()
            expected.append((asset, part.sum(), won, used.sum(), used_won))
    columns = (cells.asset, cells.rows, cells.won, cells.treated, cells.treated_won)
    assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == sorted(expected)


def test_what_was_recorded_late_can_be_left_out() -> None:
    whole = a_deal((0, 5), uses=(1, 4))
    uses = replace(whole.uses, late=np.array([True, False]))
    rows = rows_of(whole.deals, whole.visits, AS_OF)
    use = ordered(rows, whole.deals, uses, np.array([1]))
    assert first_uses(rows, use, late=True).row.tolist() == [0]
    assert first_uses(rows, use, late=False).row.tolist() == [1]


def test_facts_that_do_not_fit_together_are_refused() -> None:
    whole = a_deal((0, 5), uses=(1,))
    stranger = replace(whole.uses, deal=np.array([1]))
    with pytest.raises(ValueError, match="not there"):
        lift(whole.deals, whole.visits, stranger, as_of=AS_OF)
    with pytest.raises(ValueError, match="equally long"):
        lift(whole.deals, whole.visits, replace(stranger, asset=np.array([1, 2])), as_of=AS_OF)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 5))), st.integers(0, 12))
def test_runs_are_ranges_and_parts_keep_to_the_budget(
    runs: list[tuple[int, int]], budget: int
) -> None:
    start, many = np.array(runs, dtype=np.int64).reshape(-1, 2).T
    expected = [value for one, count in runs for value in range(one, one + count)]
    assert ranges(start, many).tolist() == expected
    cuts = list(parts(many, budget))
    assert [place for cut in cuts for place in range(cut.start, cut.stop)] == list(range(len(many)))
    assert all(many[cut].sum() <= budget or cut.stop - cut.start == 1 for cut in cuts)
