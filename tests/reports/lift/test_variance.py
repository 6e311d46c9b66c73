"""Scores of deals and sellers, summed without tables of rows, are those of every row."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlib.reports.lift import deal_scores, rows
from contentlib.reports.lift.residuals import residuals
from contentlib.reports.lift.sellers import by_seller, sellers_of
from tests.reports.lift import reference
from tests.reports.lift.ledgers import Firm, counted, firm

seeds = st.integers(0, 10**6)


def effects_of(any_firm: Firm) -> np.ndarray:
    many = len(np.unique(any_firm.uses.asset))
    return np.random.default_rng(many).normal(0, 0.1, many)


@pytest.mark.parametrize("alike", [1, 8, 10**9])
@given(seed=seeds, late=st.booleans())
@settings(max_examples=5, deadline=None)
def test_products_of_the_scores_of_deals(alike: int, seed: int, late: bool) -> None:
    any_firm = firm(seed, 30, sellers=2, assets=30 if seed % 2 else 5)
    effects = effects_of(any_firm)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "ALIKE", alike)
        patch.setattr(deal_scores, "DEALS", 7)
        patch.setattr(deal_scores, "KIND", np.float64)
        patch.setattr(deal_scores, "SCATTERED", 500)
        found = counted(any_firm, late=late)
        left = residuals(found.cells, found.first, effects)
        scores = deal_scores.deal_scores(found.rows, found.cells, found.first, effects, left.mean)
    every = reference.long(any_firm, late=late)
    expected = reference.meat(every, effects, every.deal)
    assert scores + scores.T == pytest.approx(2 * expected, abs=1e-9)


def test_half_the_digits_are_enough_for_products() -> None:
    any_firm = firm(3, 400, sellers=2, move=0.02)
    effects = effects_of(any_firm)
    found = counted(any_firm)
    assert found.rows.settled.sum() > 100
    left = residuals(found.cells, found.first, effects)
    scores = deal_scores.deal_scores(found.rows, found.cells, found.first, effects, left.mean)
    every = reference.long(any_firm)
    expected = reference.meat(every, effects, every.deal)
    assert np.diag(scores) == pytest.approx(np.diag(expected), rel=1e-5)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_products_of_the_scores_of_sellers(seed: int) -> None:
    any_firm = firm(seed, 30, assets=5)
    effects = effects_of(any_firm)
    found = counted(any_firm)
    left = residuals(found.cells, found.first, effects)
    scores = np.concatenate(list(by_seller(found.rows, found.cells, left.score)))
    every = reference.long(any_firm)
    expected = reference.meat(every, effects, every.seller)
    assert scores.T @ scores == pytest.approx(expected, abs=1e-9)


def test_weights_of_sellers_give_the_degrees_of_freedom() -> None:
    # Two sellers with one treated row and one control each, and a third with three and three.
    cells = SimpleNamespace(
        stratum=np.array([0, 2, 4]),
        asset=np.zeros(3, dtype=np.int64),
        assets=1,
        weight=np.array([0.5, 0.5, 1.5]),
    )
    sides = SimpleNamespace(width=2, seller=np.arange(3), known=np.array([False, True, True]))
    sellers = sellers_of(sides, cells)
    assert sellers.weighty.tolist() == [3]
    assert sellers.known.tolist() == [2]
    assert sellers.freedom.tolist() == [pytest.approx(2.5**2 / (0.25 + 0.25 + 2.25) - 1)]
