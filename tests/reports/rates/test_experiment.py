"""What showing did, where a draw decided; weighted where the draws were uneven."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.proportion import Proportion
from contentlib.reports.rates.difference import newcombe
from contentlib.reports.rates.experiment import Experiment, intention_to_treat

rows = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.sampled_from([0.1, 0.25, 0.5, 0.9])), max_size=60
)


def told(some: list[tuple[bool, bool, float]]) -> Experiment | None:
    won, shown, propensity = (
        (list(column) for column in zip(*some, strict=True)) if some else 3 * [[]]
    )
    return intention_to_treat(
        np.array(won, dtype=bool), np.array(shown, dtype=bool), np.array(propensity, dtype=float)
    )


@given(rows, st.floats(0.01, 0.99))
def test_with_one_propensity_it_is_the_plain_difference_with_newcombes_interval(
    some: list[tuple[bool, bool, float]], propensity: float
) -> None:
    found = told([(won, shown, propensity) for won, shown, _ in some])
    first, second = (
        Proportion(
            sum(won for won, shown, _ in some if shown == side),
            sum(shown == side for _, shown, _ in some),
        )
        for side in (True, False)
    )
    plain = newcombe(first, second)
    assert (found is None) == (plain is None)
    if found and plain:
        assert (found.shown.deals, found.withheld.deals) == (first.whole, second.whole)
        difference = found.difference
        assert difference.estimate == pytest.approx(plain.estimate)
        assert (difference.low, difference.high) == pytest.approx((plain.low, plain.high))


def weights_of(some: list[tuple[bool, bool, float]], *, side: bool) -> np.ndarray:
    """Return one over the chance of getting there, of each deal of a side."""
    return np.array(
        [1 / (chance if shown else 1 - chance) for _, shown, chance in some if shown == side]
    )


@given(rows)
def test_shares_are_those_of_weighted_regression(some: list[tuple[bool, bool, float]]) -> None:
    found = told(some)
    if found:
        won, shown, _ = np.array(some, dtype=float).T
        weights = [1 / (chance if shown else 1 - chance) for _, shown, chance in some]
        theirs = sm.WLS(won, sm.add_constant(shown), weights=weights).fit()
        assert found.difference.estimate == pytest.approx(theirs.params[1])


@pytest.mark.parametrize("seed", range(20))
def test_their_variance_is_that_of_weighted_regression_with_robust_errors(seed: int) -> None:
    chance = np.random.default_rng(seed)
    propensity = chance.choice([0.2, 0.5, 0.8], 300)
    shown = chance.random(300) < propensity
    # Those that were least likely to get where they are do as the coin falls, which counts most.
    there = np.where(shown, propensity, 1 - propensity)
    won = chance.random(300) < np.where(there < 0.5, 0.5, 0.1)
    found = intention_to_treat(won, shown, propensity)
    assert found is not None
    theirs = sm.WLS(won.astype(float), sm.add_constant(shown.astype(float)), weights=1 / there)
    arms = (found.shown, found.withheld)
    ours = sum(arm.share * (1 - arm.share) / arm.effective for arm in arms)
    assert ours == pytest.approx(theirs.fit(cov_type="HC0").bse[1] ** 2)


@given(rows)
def test_no_arm_tells_more_than_uneven_weights_leave(some: list[tuple[bool, bool, float]]) -> None:
    found = told(some)
    for arm, side in ((found.shown, True), (found.withheld, False)) if found else ():
        weights = weights_of(some, side=side)
        most = weights.sum() ** 2 / (weights**2).sum()
        assert 0 < arm.effective <= most * (1 + 1e-9)
        if arm.share in {0, 1}:
            assert arm.effective == pytest.approx(most)
        assert 0 <= arm.interval[0] <= arm.share <= arm.interval[1] <= 1


def test_a_variance_that_is_small_by_chance_is_not_believed() -> None:
    # The one won was nearly sure to be shown it, the nine lost hardly: a variance that 75 deals
    # would have.
    some = [(True, True, 0.9)] + [(False, True, 0.1)] * 9
    found = told([*some, (True, False, 0.5)])
    assert found is not None
    assert found.shown.effective == pytest.approx(9.2, abs=0.1)


def test_weights_undo_that_good_deals_were_shown_it_more_often() -> None:
    # Of 100 easy deals 80 are won whatever is shown, of 100 hard ones 20; easy ones were shown
    # the asset with .8, hard ones with .2. Plainly it looks like 36 points; it does nothing.
    some = []
    for winning, propensity in ((0.8, 0.8), (0.2, 0.2)):
        for shown in (True, False):
            deals = round(100 * (propensity if shown else 1 - propensity))
            wins = round(deals * winning)
            some += [(place < wins, shown, propensity) for place in range(deals)]
    found = told(some)
    assert found is not None
    assert found.difference.estimate == pytest.approx(0, abs=1e-12)
    assert found.shown.share == pytest.approx(0.5)
    assert found.shown.effective < found.shown.deals


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(2)
    held, times, effect = 0, 600, 0.1
    for _ in range(times):
        quality = chance.random(400)
        propensity = chance.choice([0.2, 0.35, 0.5], 400)
        shown = chance.random(400) < propensity
        won = chance.random(400) < 0.1 + 0.4 * quality + effect * shown + 0.2 * (propensity > 0.3)
        found = intention_to_treat(won, shown, propensity)
        assert found is not None
        held += found.difference.low <= effect <= found.difference.high
    assert 0.925 <= held / times <= 0.975


def test_where_there_was_no_draw_a_deal_is_left_out() -> None:
    some = [(True, True, 0.5), (False, False, 0.5), (True, True, 1.0), (True, False, 0.0)]
    found = told(some)
    assert found is not None
    assert (found.shown.deals, found.withheld.deals, found.undrawn) == (1, 1, 2)


def test_while_one_side_is_bare_nothing_is_said() -> None:
    assert told([]) is None
    assert told([(True, True, 0.5)]) is None
    assert told([(True, True, 1.0), (True, False, 0.5)]) is None


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ((True, True, 1.5), "propensity"),
        ((True, True, float("nan")), "propensity"),
        ((True, True, 0.0), "sure"),
        ((True, False, 1.0), "sure"),
    ],
)
def test_draws_that_cannot_be_are_refused(row: tuple[bool, bool, float], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        told([row])


def test_columns_of_different_lengths_are_refused() -> None:
    one = np.ones(1, dtype=bool)
    with pytest.raises(ValueError, match="one length"):
        intention_to_treat(one, one, np.array([0.5, 0.5]))
