"""A firm before its deals are decided: sellers, assets, and the deals they will open."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.simulation.scenarios import ASSETS, Scenario

# Two years of deals, in days; the last day is the one that reports are asked for.
DAYS = 730
# Time is followed in steps of so many days.
STEP = 0.5
KIT = 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sellers:
    """What each seller brings; `habit` has a row for each seller and a column for each asset."""

    skill: Floats
    hired: Floats
    attention: Floats
    optimism: Floats
    habit: Floats


@dataclass(frozen=True)
class Assets:
    """Why each asset is chosen, and its effect on the logarithm of the hazard of being won."""

    effect: Floats
    popularity: Floats
    phase: Floats
    published: Floats
    by_momentum: Floats
    by_quality: Floats
    by_size: Floats
    by_experience: Floats
    kit: Ints


@dataclass(frozen=True)
class Openings:
    """Deals on the day they open (in days); `size` is a logarithm and `pace` progress a day."""

    opened: Floats
    seller: Ints
    size: Floats
    quality: Floats
    pace: Floats
    # Where progress is called the next stage, one column for each stage after the first.
    thresholds: Floats


@dataclass(frozen=True)
class Firm:
    """A scenario come to life."""

    scenario: Scenario
    sellers: Sellers
    assets: Assets
    openings: Openings


def draw_firm(scenario: Scenario, deals: int, sellers: int, rng: Generator) -> Firm:
    """Draw a firm of so many deals and sellers."""
    people = _draw_sellers(sellers, rng)
    openings = _draw_openings(scenario, deals, people, rng)
    return Firm(scenario, people, _draw_assets(scenario, rng), openings)


def _draw_sellers(count: int, rng: Generator) -> Sellers:
    """Two thirds were there before the first day; habit makes favourites, not a rule."""
    hired = np.sort(rng.uniform(-1_000, 500, count))
    hired[0] = -1_000
    return Sellers(
        skill=rng.normal(0, 0.2, count),
        hired=hired,
        attention=np.exp(rng.normal(0, 0.3, count)),
        optimism=rng.normal(0, 0.04, count),
        habit=rng.normal(0, 0.6, (count, ASSETS)),
    )


def _draw_assets(scenario: Scenario, rng: Generator) -> Assets:
    """Popular assets are on about an eighth of the deals, rare ones on a thirtieth."""
    published = np.where(rng.random(ASSETS) < 0.3, rng.uniform(0, DAYS / 2, ASSETS), -1)
    return Assets(
        effect=_draw_effects(scenario, rng),
        popularity=rng.normal(0, 0.4, ASSETS),
        phase=rng.uniform(0, 1, ASSETS),
        published=published,
        by_momentum=_draw_reasons(scenario, rng),
        by_quality=rng.normal(0, 1, ASSETS) * scenario.by_quality,
        by_size=rng.normal(0, 0.15, ASSETS),
        by_experience=rng.normal(0, 1, ASSETS) * scenario.by_experience,
        kit=rng.permutation(ASSETS) // KIT,
    )


def _draw_effects(scenario: Scenario, rng: Generator) -> Floats:
    """Where an asset does something it is worth some two to ten points; one in six does harm.

    A tenth more in the logarithm of the hazard is about three points of the chance of winning.
    """
    some = rng.random(ASSETS) < scenario.effective
    worth = np.where(rng.random(ASSETS) < 1 / 6, -0.12, rng.uniform(0.07, 0.35, ASSETS))
    return np.where(some, worth, 0.0)


def _draw_reasons(scenario: Scenario, rng: Generator) -> Floats:
    """Give how each asset's odds of being chosen change as momentum rises by one."""
    reasons = rng.normal(0, scenario.by_momentum, ASSETS)
    count = round(ASSETS * scenario.in_trouble)
    trouble, going_well = rng.permutation(ASSETS)[: 2 * count].reshape(2, count)
    reasons[trouble] -= 1.0
    reasons[going_well] += 0.5
    return reasons


def _draw_openings(scenario: Scenario, count: int, sellers: Sellers, rng: Generator) -> Openings:
    """Larger companies take longer; a deal goes to somebody who is already there."""
    opened = np.sort(rng.uniform(0, DAYS, count))
    there = np.searchsorted(sellers.hired, opened)
    seller = (rng.random(count) * there).astype(np.int64)
    size = rng.normal(0, 1, count)
    called = np.array([0.2, 0.4, 0.6, 0.8]) + rng.normal(0, 0.03, (count, 1))
    return Openings(
        opened=opened,
        seller=seller,
        size=size,
        quality=rng.normal(0, scenario.quality, count),
        pace=np.exp(rng.normal(0, 0.3, count) - 0.15 * size) / 45,
        thresholds=called - sellers.optimism[seller, None],
    )
