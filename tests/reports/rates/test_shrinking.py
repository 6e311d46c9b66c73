"""Rates of few cases are drawn toward the usual one, by as much as the rates themselves tell."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from contentlib.reports.rates.shrinking import FLOOR, Usual, usual

counts = st.lists(
    st.integers(0, 60).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    max_size=30,
)
# Tumours among rats in 71 groups: Tarone (1982), table 5.1 of Gelman and others, Bayesian Data
# Analysis (2013).
TUMOURS = "0 " * 14 + "1 " * 8 + "2 " * 9 + "1 5 2 5 3 2 7 7 3 3 2 9 10 " + "4 " * 7 + "10 4 4 4 "
TUMOURS += "5 11 12 5 5 6 5 6 6 6 6 16 15 15 9 4"
RATS = "20 " * 7 + "19 " * 4 + "18 18 17 20 20 20 20 19 19 18 18 25 24 23 " + "20 " * 6
RATS += "10 49 19 46 27 17 49 47 20 20 13 48 50 " + "20 " * 7 + "48 19 19 19 22 46 49 20 20 23 19 "
RATS += "22 20 20 20 52 46 47 24 14"


def columns(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    parts, wholes = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return parts, wholes


def drawn(seed: int, assets: int, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    wholes = chance.integers(1, 200, assets)
    return stats.betabinom.rvs(wholes, a, b, random_state=chance), wholes


def test_a_published_example_comes_out_as_by_the_likelihood() -> None:
    parts, wholes = (np.array(column.split(), dtype=np.int64) for column in (TUMOURS, RATS))
    found = usual(parts, wholes)
    assert found is not None
    assert found.rate == pytest.approx(267 / 1739)
    # The most likely a and b, which the book's posterior, (2.4, 14.3), is centred on.
    fitted = optimize.minimize(
        lambda logs: -stats.betabinom.logpmf(parts, wholes, *np.exp(logs)).sum(),
        x0=[0, 1],
        method="Nelder-Mead",
    )
    a, b = np.exp(fitted.x)
    assert (a, b) == pytest.approx((2.4, 14.3), abs=0.3)
    likeliest = Usual(a / (a + b), a + b)
    # Moments weigh the groups otherwise; of rates from .06 to .27 none is two points away.
    assert found.shown(parts, wholes) == pytest.approx(likeliest.shown(parts, wholes), abs=0.02)
    assert np.ptp(found.shown(parts, wholes)) > 0.15


@pytest.mark.parametrize(("a", "b"), [(2, 6), (20, 60), (5, 45)])
def test_what_rates_were_drawn_from_is_found_again(a: float, b: float) -> None:
    found = usual(*drawn(3, 20_000, a, b))
    assert found is not None
    assert found.rate == pytest.approx(a / (a + b), rel=0.03)
    assert found.weight == pytest.approx(a + b, rel=0.08)


def test_the_rate_shown_is_the_mean_of_what_is_known_afterwards() -> None:
    a, b = 3.0, 9.0
    shown = Usual(a / (a + b), a + b).shown(*columns([(0, 4), (7, 10), (0, 0)]))
    after = [stats.beta(a, b + 4).mean(), stats.beta(a + 7, b + 3).mean(), stats.beta(a, b).mean()]
    assert shown == pytest.approx(after)


def test_the_weight_belongs_to_the_variance() -> None:
    parts, wholes = drawn(5, 4_000, 4, 12)
    found = usual(parts, wholes)
    assert found is not None
    a, b = found.rate * found.weight, (1 - found.rate) * found.weight
    seen = np.var(parts / wholes)
    noise = np.mean(found.rate * (1 - found.rate) / wholes)
    assert stats.beta(a, b).var() == pytest.approx(seen - noise, rel=0.25)


def test_rates_shown_are_nearer_to_the_truth_than_plain_ones() -> None:
    chance = np.random.default_rng(11)
    truth = chance.beta(6, 18, 2_000)
    wholes = chance.integers(1, 30, 2_000)
    parts = chance.binomial(wholes, truth)
    found = usual(parts, wholes)
    assert found is not None
    plain = np.mean((parts / wholes - truth) ** 2)
    assert np.mean((found.shown(parts, wholes) - truth) ** 2) < plain / 2


def test_assets_that_differ_by_chance_alone_are_held_to_the_floor() -> None:
    found = usual(*columns([(5, 20)] * 30))
    assert found == Usual(0.25, pytest.approx(0.25 * 0.75 / FLOOR - 1))


@pytest.mark.parametrize("rows", [[(3, 10)], [(1, 1), (0, 1), (1, 1)]])
def test_where_nothing_tells_how_assets_differ_they_are_held_to_the_floor(
    rows: list[tuple[int, int]],
) -> None:
    found = usual(*columns(rows))
    assert found is not None
    assert found.weight == pytest.approx(found.rate * (1 - found.rate) / FLOOR - 1)


@given(counts)
def test_the_rate_shown_lies_between_its_own_and_the_usual_one(
    rows: list[tuple[int, int]],
) -> None:
    parts, wholes = columns(rows)
    found = usual(parts, wholes)
    assert (found is None) == (wholes.sum() == 0)
    if found:
        own = np.where(wholes > 0, parts / np.maximum(wholes, 1), found.rate)
        shown = found.shown(parts, wholes)
        assert (shown >= np.minimum(own, found.rate) - 1e-12).all()
        assert (shown <= np.maximum(own, found.rate) + 1e-12).all()


@given(counts, st.integers(0, 2**32))
def test_the_order_of_assets_changes_nothing(rows: list[tuple[int, int]], seed: int) -> None:
    ours = usual(*columns(rows))
    theirs = usual(*columns(random.Random(seed).sample(rows, len(rows))))
    assert (ours is None) == (theirs is None)
    if ours and theirs:
        assert ours.rate == theirs.rate
        assert ours.weight == pytest.approx(theirs.weight)


@pytest.mark.parametrize(("part", "rate"), [(0, 0.0), (10, 1.0)])
def test_where_none_or_all_were_won_that_is_what_is_shown(part: int, rate: float) -> None:
    parts, wholes = columns([(part, 10), (part, 10), (0, 0)])
    found = usual(parts, wholes)
    assert found == Usual(rate, 0)
    assert found.shown(parts, wholes).tolist() == [rate] * 3


@pytest.mark.parametrize("row", [(3, 2), (-1, 2)])
def test_a_part_that_is_none_is_refused(row: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="part"):
        usual(*columns([row]))
