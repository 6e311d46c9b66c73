"""What is said of each asset, from the facts to the sentence."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlib.reports.lift import Deals, Lift, Uses, Verdict, Visits, lift
from contentlib.reports.lift.judgement import judge
from contentlib.reports.lift.reading import Reading
from contentlib.reports.lift.rows import DAY
from contentlib.reports.lift.verdicts import verdicts
from tests.reports.lift.ledgers import AS_OF, Firm, firm, shuffled


def told(whole: Firm) -> list[Lift]:
    return lift(whole.deals, whole.visits, whole.uses, as_of=AS_OF)


def large(seed: int, effect: float, late: float = 0.0) -> Firm:
    """Twenty assets used at random by ten sellers; the first wins more, or less, by `effect`."""
    draw = np.random.default_rng(seed)
    count = 6_000
    used, asset = np.nonzero(draw.random((count, 20)) < 0.15)
    opened = draw.integers(0, 900 * DAY, count)
    helped = np.zeros(count, dtype=bool)
    helped[used[asset == 0]] = True
    zero = np.zeros(count, dtype=np.int64)
    return Firm(
        Deals(opened, opened + DAY, draw.random(count) < 0.4 + effect * helped, zero),
        Visits(np.arange(count), zero, draw.integers(1, 11, count), opened, opened + DAY),
        Uses(used, asset + 1, opened[used] + 9, (asset == 0) & (draw.random(len(used)) < late)),
    )


def test_an_asset_that_helps_is_flagged_and_no_other() -> None:
    found = told(large(1, 0.2))
    assert [one.asset for one in found if one.flag] == [1]
    first = found[0]
    assert first.verdict is Verdict.HIGHER
    assert first.low < 0.2 < first.high
    assert 0.02 <= first.shrunk <= first.estimate
    assert first.sellers == 10
    assert {one.verdict for one in found[1:]} == {Verdict.NO_CLEAR_DIFFERENCE}


def test_what_lowers_is_never_flagged() -> None:
    first = told(large(2, -0.2))[0]
    assert (first.verdict, first.flag) == (Verdict.LOWER_IN_TROUBLE, False)
    assert first.high < 0


def test_a_flag_that_hangs_on_late_records_is_none() -> None:
    whole = large(3, 0.2)
    won = whole.deals.won[whole.uses.deal]
    # Only the wins were remembered, after they were known.
    uses = replace(whole.uses, late=(whole.uses.asset == 1) & won)
    first = told(replace(whole, uses=uses))[0]
    assert first.estimate > 0.1
    assert first.without_late < 0
    assert first.verdict is Verdict.NO_CLEAR_DIFFERENCE


def test_late_records_that_change_nothing_are_not_spoken_of() -> None:
    assert {one.without_late for one in told(large(4, 0.0))} == {None}


@given(st.integers(0, 10**6))
@settings(max_examples=5, deadline=None)
def test_the_order_of_everything_changes_nothing(seed: int) -> None:
    whole = firm(seed, 900, assets=17, sellers=6, stages=2)
    for one, other in zip(told(whole), told(shuffled(whole, seed)), strict=True):
        close = {name: value for name, value in vars(one).items() if isinstance(value, float)}
        same = {name: value for name, value in vars(one).items() if name not in close}
        assert {name: getattr(other, name) for name in same} == same
        assert {name: getattr(other, name) for name in close} == pytest.approx(close)


@given(st.integers(0, 10**6), st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_whatever_the_firm_every_asset_has_a_sentence(seed: int, assets: int) -> None:
    whole = firm(seed, 40, assets=assets, sellers=seed % 7 + 1)
    found = told(whole)
    assert [one.asset for one in found] == np.unique(whole.uses.asset).tolist()
    for one in found:
        numbers = (one.estimate, one.low, one.high, one.shrunk)
        silent = one.verdict in (Verdict.TOO_LITTLE, Verdict.TOO_UNCERTAIN)
        assert (None in numbers) == silent
        assert one.flag == (one.verdict is Verdict.HIGHER)
        assert silent or one.low <= one.estimate <= one.high <= one.low + 0.3 + 1e-12


def test_no_uses_or_no_deals_are_no_assets() -> None:
    whole = firm(1, 4)
    none = Uses(*np.zeros((3, 0), dtype=np.int64), np.zeros(0, dtype=bool))
    assert told(replace(whole, uses=none)) == []
    empty = np.zeros(0, dtype=np.int64)
    assert lift(Deals(empty, empty, empty > 0, empty), Visits(*[empty] * 5), none, as_of=1) == []


def test_four_deals_one_seller_only_wins_and_uses_before_the_opening_are_too_little() -> None:
    few = firm(5, 4, sellers=1)
    always = replace(few, deals=replace(few.deals, won=np.ones(4, dtype=bool)))
    early = replace(few, uses=replace(few.uses, at=np.full(len(few.uses.at), -1)))
    for whole in (few, always, early):
        assert {one.verdict for one in told(whole)} == {Verdict.TOO_LITTLE}
    assert {one.treated for one in told(early)} == {0}


def test_an_asset_of_one_seller_has_no_number_however_often_it_was_used() -> None:
    whole = large(6, 0.0)
    alone = replace(whole, visits=replace(whole.visits, seller=whole.visits.seller * 0 + 1))
    found = told(alone)
    assert {(one.sellers, one.verdict) for one in found} == {(1, Verdict.TOO_LITTLE)}
    nobody = replace(whole, visits=replace(whole.visits, seller=whole.visits.seller * 0))
    assert {one.sellers for one in told(nobody)} == {0}


def test_where_every_deal_is_won_no_asset_stands_out() -> None:
    whole = large(7, 0.0)
    won = replace(whole, deals=replace(whole.deals, won=np.ones_like(whole.deals.won)))
    found = told(won)
    assert {one.verdict for one in found} == {Verdict.NO_CLEAR_DIFFERENCE}
    assert [one.estimate for one in found] == pytest.approx([0] * 20, abs=1e-12)


def reading(estimates: list[float], error: float = 0.02, treated: int = 100) -> Reading:
    many = len(estimates)
    return Reading(
        np.full(many, treated), np.full(many, 9), np.array(estimates), np.full(many, error)
    )


def said(one: Reading, other: Reading | None = None) -> list[Lift]:
    second = judge(other or one)
    return verdicts(list(range(len(one.error))), one, judge(one), second, 0.3)


def test_with_fourteen_assets_none_stands_out() -> None:
    assert said(reading([0.5] + [0.0] * 14))[0].verdict is Verdict.HIGHER
    fewer = said(reading([0.5] + [0.0] * 13))[0]
    assert (fewer.verdict, fewer.estimate) == (Verdict.NO_CLEAR_DIFFERENCE, 0.5)


def test_higher_than_the_typical_asset_and_yet_not_than_none_is_no_flag() -> None:
    # The typical asset seems to lower by 20 points; this one does nothing.
    assert said(reading([0.0] + [-0.2] * 20))[0].verdict is Verdict.NO_CLEAR_DIFFERENCE


def test_half_an_interval_of_more_than_fifteen_points_shows_no_number() -> None:
    first = said(reading([0.9] + [0.0] * 20, error=0.08))[0]
    assert (first.verdict, first.estimate, first.flag) == (Verdict.TOO_UNCERTAIN, None, False)


def test_a_reading_that_has_no_number_for_an_asset_flags_it_not() -> None:
    one = reading([0.5] + [0.0] * 20)
    other = replace(one, error=np.where(np.arange(21) == 0, np.inf, one.error))
    first = said(one, other)[0]
    assert (first.verdict, first.without_late) == (Verdict.NO_CLEAR_DIFFERENCE, None)
