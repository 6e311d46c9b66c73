"""Shares of deals by age, held against other programs and against what must be so."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from contentlib.reports.cohorts.followed import DAY, LOST, OPEN, WON, Followed
from contentlib.reports.cohorts.incidence import (
    Incidence,
    RiskTable,
    aalen_johansen,
    kaplan_meier,
    risk_table,
)
from tests.reports.cohorts.followed import Told, followed_of, of_age, told

# Weeks of remission under 6-mercaptopurine, with the patients still in remission as open deals:
# Freireich and others (1963), the example of most books on survival.
REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def incidence_of(followed: Followed) -> Incidence:
    return aalen_johansen(risk_table(followed))


def drawn(seed: int, size: int, *, ties: bool) -> Followed:
    """Return deals of a firm; without ties no two of them are of the same age."""
    chance = np.random.default_rng(seed)
    ages = chance.integers(1, 60, size) if ties else chance.permutation(np.arange(1, size + 1))
    return of_age(ages.tolist(), chance.choice([OPEN, WON, LOST], size, p=[0.4, 0.3, 0.3]).tolist())


def test_the_shares_of_a_published_example_come_out() -> None:
    curve = kaplan_meier(risk_table(of_age(REMISSION, RELAPSED)))
    assert (curve.times // DAY).tolist() == [6, 7, 10, 13, 16, 22, 23]
    shares = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert curve.share == pytest.approx(shares, abs=6e-5)
    assert np.sqrt(curve.variance) == pytest.approx(errors, abs=6e-5)


def test_an_example_by_hand() -> None:
    # Of four deals one is won on day 1, one lost and one won on day 2, one is open since then.
    result = incidence_of(of_age([1, 2, 2, 2], [WON, LOST, WON, OPEN]))
    assert result.open.share == pytest.approx([3 / 4, 3 / 4 * 1 / 3])
    assert result.won.share == pytest.approx([1 / 4, 1 / 4 + 3 / 4 * 1 / 3])
    assert result.lost.share == pytest.approx([0, 3 / 4 * 1 / 3])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [3, 50, 400])
@pytest.mark.parametrize("ties", [True, False])
def test_the_share_still_open_is_what_lifelines_and_statsmodels_say(
    seed: int, size: int, ties: bool
) -> None:
    followed = drawn(seed, size, ties=ties)
    curve = kaplan_meier(risk_table(followed))
    days, ended = followed.age // DAY, followed.end != OPEN
    theirs = KaplanMeierFitter().fit(days, ended)
    at = curve.times // DAY
    some = curve.share > 0
    assert curve.share == pytest.approx(theirs.survival_function_at_times(at).to_numpy())
    limits = theirs.confidence_interval_.loc[at[some]].to_numpy().T
    assert np.array(curve.limits)[:, some] == pytest.approx(limits)
    other = SurvfuncRight(days, ended)
    assert at.tolist() == other.surv_times.tolist()
    assert curve.share == pytest.approx(other.surv_prob, abs=1e-12)
    assert np.sqrt(curve.variance[some]) == pytest.approx(other.surv_prob_se[some])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("end", [WON, LOST])
def test_incidence_is_what_lifelines_says_where_nothing_is_tied(seed: int, end: int) -> None:
    followed = drawn(seed, 200, ties=False)
    curve = {WON: incidence_of(followed).won, LOST: incidence_of(followed).lost}[end]
    theirs = AalenJohansenFitter().fit(followed.age // DAY, followed.end, event_of_interest=end)
    at = curve.times // DAY
    assert curve.share == pytest.approx(theirs.cumulative_density_.loc[at].to_numpy().ravel())
    variance = theirs.variance_.loc[at].to_numpy()
    left = np.isfinite(variance)
    assert curve.variance[left] == pytest.approx(variance[left])
    some = left & (curve.share > 0)
    limits = theirs.confidence_interval_.loc[at].to_numpy()[some]
    assert np.array(curve.limits).T[some] == pytest.approx(limits)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [50, 400])
def test_incidence_is_what_statsmodels_says_with_ends_of_one_moment(seed: int, size: int) -> None:
    followed = drawn(seed, size, ties=True)
    # Somebody is followed for longest, so that theirs does not divide by none left.
    followed = of_age([*(followed.age // DAY).tolist(), 99], [*followed.end.tolist(), OPEN])
    result = incidence_of(followed)
    theirs = CumIncidenceRight(followed.age // DAY, followed.end)
    at = np.searchsorted(theirs.times, result.open.times // DAY)
    for curve, share, error in zip(
        (result.won, result.lost), theirs.cinc, theirs.cinc_se, strict=True
    ):
        assert curve.share == pytest.approx(share[at])
        assert np.sqrt(curve.variance) == pytest.approx(error[at], abs=1e-12)


def by_steps(table: RiskTable, ended: np.ndarray) -> list[float]:
    """Return the variance of an incidence, carried with that of the open share from age to age."""
    share, variance, own, both = 1.0, 0.0, 0.0, 0.0
    found = []
    for n, all_ends, mine in zip(table.at_risk, table.won + table.lost, ended, strict=True):
        all_part, part = all_ends / n, mine / n
        own += 2 * part * both + part**2 * variance + share**2 * part * (1 - part) / n
        both = (1 - all_part) * (both + part * variance) - share**2 * part * (1 - all_part) / n
        variance = (1 - all_part) ** 2 * variance + share**2 * all_part * (1 - all_part) / n
        share *= 1 - all_part
        found.append(own)
    return found


@given(told)
def test_the_variance_is_what_it_is_when_carried_from_age_to_age(rows: list[Told]) -> None:
    table = risk_table(followed_of(rows))
    result = aalen_johansen(table)
    assert result.won.variance == pytest.approx(by_steps(table, table.won), abs=1e-12)
    assert result.lost.variance == pytest.approx(by_steps(table, table.lost), abs=1e-12)


def test_without_open_deals_the_variance_is_that_of_a_plain_share() -> None:
    size = 100_000
    followed = of_age(list(range(size)), [WON, LOST, LOST, LOST] * (size // 4))
    won = incidence_of(followed).won
    assert won.variance == pytest.approx(won.share * (1 - won.share) / size, rel=1e-6)


@pytest.mark.parametrize("size", range(1, 60))
def test_where_all_are_won_in_the_end_nothing_is_uncertain(size: int) -> None:
    won = incidence_of(of_age(list(range(size)), [WON] * size)).won
    assert won.variance.min() >= 0
    assert won.variance[-1] == pytest.approx(0, abs=1e-15)


@given(told)
def test_open_won_and_lost_are_all_deals_at_every_age(rows: list[Told]) -> None:
    result = incidence_of(followed_of(rows))
    total = result.open.share + result.won.share + result.lost.share
    assert total == pytest.approx(np.ones(len(total)))


@given(told)
def test_no_deal_opens_again(rows: list[Told]) -> None:
    result = incidence_of(followed_of(rows))
    assert (np.diff(result.open.share, prepend=1) <= 0).all()
    assert (np.diff(result.won.share, prepend=0) >= 0).all()
    assert (np.diff(result.lost.share, prepend=0) >= 0).all()


@given(told)
def test_limits_lie_around_the_share_and_within_none_and_all(rows: list[Told]) -> None:
    result = incidence_of(followed_of(rows))
    for curve in (result.open, result.won, result.lost):
        low, high = curve.limits
        inner = (curve.share > 1e-6) & (curve.share < 1 - 1e-6)
        assert (np.isfinite(low) == inner).all()
        assert (np.isfinite(high) == inner).all()
        assert ((low >= 0) & (low <= curve.share + 1e-12))[inner].all()
        assert ((curve.share - 1e-12 <= high) & (high <= 1))[inner].all()


@given(told, st.integers(0, 2**32))
def test_the_order_of_deals_changes_nothing(rows: list[Told], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    ours, theirs = incidence_of(followed_of(rows)), incidence_of(followed_of(shuffled))
    for one, other in ((ours.open, theirs.open), (ours.won, theirs.won), (ours.lost, theirs.lost)):
        assert one.times.tolist() == other.times.tolist()
        assert one.share.tolist() == other.share.tolist()
        assert one.variance.tolist() == other.variance.tolist()


@given(told)
def test_where_no_deal_is_open_incidence_is_the_plain_share(rows: list[Told]) -> None:
    followed = followed_of([row for row in rows if row[2] != OPEN], as_of=10_000)
    result = incidence_of(followed)
    for age in range(0, 301, 7):
        share, _low, _high = result.won.at(age * DAY)
        is_won = (followed.end == WON) & (followed.age <= age * DAY)
        if len(followed):
            assert share == pytest.approx(is_won.mean())


def test_without_ends_every_deal_stays_open() -> None:
    result = incidence_of(of_age([3, 7, 30], [OPEN] * 3))
    ages = [0, 3 * DAY, 30 * DAY]
    assert result.open.at(ages)[0].tolist() == [1, 1, 1]
    assert result.won.at(ages)[0].tolist() == [0, 0, 0]
    assert np.isnan(result.won.at(ages)[1]).all()
    assert result.open.quantile(0.01) is None
    assert result.open.quantile_limits(0.5) == (None, None)


def test_beyond_the_longest_followed_nothing_is_said() -> None:
    result = incidence_of(of_age([3, 7], [WON, OPEN]))
    assert result.won.at([7 * DAY, 7 * DAY + 1])[0] == pytest.approx([0.5, np.nan], nan_ok=True)


def test_once_all_have_ended_nothing_changes_any_more() -> None:
    result = incidence_of(of_age([3, 7, 7], [WON, LOST, WON]))
    assert result.open.at([10**6 * DAY])[0].tolist() == [0]
    assert result.won.at([10**6 * DAY])[0] == pytest.approx([2 / 3])


def test_a_deal_that_ends_as_it_opens_ends_at_age_zero() -> None:
    result = incidence_of(of_age([0, 0, 5, 9], [WON, LOST, LOST, OPEN]))
    assert result.won.at([0])[0] == pytest.approx([1 / 4])
    assert result.open.at([-1, 0, 5 * DAY])[0] == pytest.approx([1, 1 / 2, 1 / 4])


def test_without_a_deal_nothing_is_known() -> None:
    result = incidence_of(followed_of([]))
    assert np.isnan(result.open.at([0, DAY])[0]).all()
    assert result.open.quantile(0.5) is None
