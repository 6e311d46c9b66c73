"""The simulated firms hold together, their truth is the truth, and the tables say what was seen."""

import dataclasses
from dataclasses import replace

import numpy as np
import pytest

from contentlib.core.instants import NOT_YET
from tests.simulation.firm import Firm, draw_firm
from tests.simulation.looks import looks
from tests.simulation.outcomes import changes, closes
from tests.simulation.paths import Paths, followed
from tests.simulation.records import AS_OF, DAY, Records
from tests.simulation.scenarios import SCENARIOS
from tests.simulation.world import World, compared, live

SELLERS = 8


def small(scenario: str, deals: int = 400, seed: int = 1) -> World:
    return live(SCENARIOS[scenario], deals, seed, SELLERS)


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {name: small(name) for name in SCENARIOS}


def test_the_same_seed_is_the_same_world(worlds: dict[str, World]) -> None:
    again, other = small("base"), small("base", seed=2)
    np.testing.assert_equal(columns(again.records), columns(worlds["base"].records))
    np.testing.assert_equal(again.change, worlds["base"].change)
    assert len(other.records.uses.deal) != len(again.records.uses.deal)


def columns(records: Records) -> dict:
    return dataclasses.asdict(records)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_visits_follow_on_from_the_opening_to_the_close(
    scenario: str, worlds: dict[str, World]
) -> None:
    deals, visits = worlds[scenario].records.deals, worlds[scenario].records.visits
    order = np.lexsort((visits.entered, visits.deal))
    deal, entered, left = visits.deal[order], visits.entered[order], visits.left[order]
    goes_on = deal[1:] == deal[:-1]
    np.testing.assert_array_equal(np.unique(deal), np.arange(len(deals.opened)))
    np.testing.assert_array_equal(entered[1:][goes_on], left[:-1][goes_on])
    np.testing.assert_array_equal(entered[np.r_[True, ~goes_on]], deals.opened)
    np.testing.assert_array_equal(left[np.r_[~goes_on, True]], deals.closed)
    assert (entered < left).all()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_is_known_of_what_comes_after_the_last_day(
    scenario: str, worlds: dict[str, World]
) -> None:
    deals, uses = worlds[scenario].records.deals, worlds[scenario].records.uses
    closed = deals.closed != NOT_YET
    assert deals.closed[closed].max() <= AS_OF
    assert not deals.won[~closed].any()
    assert (uses.at >= deals.opened[uses.deal]).all()
    assert (uses.at <= np.minimum(deals.closed[uses.deal], AS_OF)).all()
    assert closed[uses.deal[uses.late]].all()
    assert uses.late.any() == (scenario == "late")


def test_late_records_are_more_of_won_deals_than_of_lost_ones(worlds: dict[str, World]) -> None:
    deals, uses = worlds["late"].records.deals, worlds["late"].records.uses
    won = deals.won[uses.deal]
    lost = ~won & (deals.closed[uses.deal] != NOT_YET)
    assert uses.late[won].mean() > 1.5 * uses.late[lost].mean() > 0


def test_assets_of_a_kit_are_used_together(worlds: dict[str, World]) -> None:
    assert together(worlds["kits"]) > 2 * together(worlds["base"]) > together(worlds["random"])


def together(world: World) -> float:
    """Give the share of uses with another one on the same deal within half a day."""
    uses = world.records.uses
    order = np.lexsort((uses.at, uses.deal))
    near = np.diff(uses.at[order]) < DAY / 2
    return float((near & (np.diff(uses.deal[order]) == 0)).mean())


def test_a_firm_is_like_one_that_sells_to_other_firms(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        seen = looks(world)
        assert 0.2 < seen.won < 0.4
        assert 20 < seen.median_days < 60 < seen.most_days < 150
        assert 2 < seen.assets < 5


def test_in_a_null_world_nothing_changes_anything(worlds: dict[str, World]) -> None:
    assert set(worlds["null"].change[worlds["null"].used > 0]) == {0.0}
    assert (worlds["base"].change != 0).any()


def test_the_typical_asset_is_the_median_of_the_deals_that_used_one() -> None:
    change = np.array([0.05, 0.01, np.nan, 0.0])
    np.testing.assert_allclose(compared(change, np.array([5, 3, 0, 1])), [0, -0.04, np.nan, -0.05])


def walked(firm: Firm) -> Paths:
    return next(followed(firm, np.random.default_rng(7)))


def test_what_an_asset_changed_is_what_is_missing_where_it_does_nothing() -> None:
    firm = draw_firm(SCENARIOS["kits"], 3_000, SELLERS, np.random.default_rng(3))
    asset = int(np.argmax(firm.assets.popularity))
    nothing = np.zeros(len(firm.assets.effect))
    effect = nothing.copy()
    effect[asset] = 0.5
    firm, without = (
        replace(firm, assets=replace(firm.assets, effect=one)) for one in (effect, nothing)
    )
    # The deals of both firms go the same way; outcomes are drawn often, since a draw is noisy.
    paths, less = walked(firm), walked(without)
    missing, changed = [], []
    for seed in range(8):
        last, won = closes(paths, np.random.default_rng(seed))
        missing.append(won.sum() - closes(less, np.random.default_rng(seed))[1].sum())
        changed.append(changes(firm, paths, paths.step <= last[paths.deal])[0][asset])
    assert np.mean(changed) > 20
    assert abs(np.mean(missing) - np.mean(changed)) < 3 * np.std(missing) / np.sqrt(8)
