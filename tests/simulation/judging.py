"""Asks the reports and the naive comparison about one world, and keeps what both said."""

from dataclasses import dataclass

import numpy as np

from contentlib.reports.lift import Lift, lift
from tests.simulation.firm import Floats
from tests.simulation.looks import Looks, looks
from tests.simulation.naive import naive
from tests.simulation.records import AS_OF
from tests.simulation.scenarios import ASSETS, SCENARIOS, Scenario
from tests.simulation.scores import Said
from tests.simulation.world import World, live


@dataclass(frozen=True)
class Judged:
    """One world and what was said of it."""

    scenario: str
    deals: int
    looks: Looks
    like_for_like: Said
    naive: Said


def judged(scenario: Scenario, deals: int, seed: int, sellers: int | None = None) -> Judged:
    """Let a world live and ask both methods about it."""
    world = live(scenario, deals, seed, sellers)
    records = world.records
    lifts = lift(records.deals, records.visits, records.uses, as_of=AS_OF)
    return Judged(scenario.name, deals, looks(world), like_for_like(world, lifts), naively(world))


def of_seed(world: tuple[str, int, int]) -> Judged:
    """Judge the world of a scenario, a number of deals and a seed, in whatever process."""
    name, deals, seed = world
    return judged(SCENARIOS[name], deals, seed)


def like_for_like(world: World, lifts: list[Lift]) -> Said:
    """Set what the reports say beside the truth; only assets that somebody used count."""
    said = {one.asset: one for one in lifts}
    flags = [asset in said and bool(said[asset].flag) for asset in range(ASSETS)]
    columns = (_column(said, name) for name in ("estimate", "low", "high"))
    return _of_used(world, *columns, np.array(flags))


def naively(world: World) -> Said:
    """Set the naive comparison beside the truth; who makes it flags what is above zero."""
    said = naive(world.records, ASSETS)
    return _of_used(world, said.estimate, said.low, said.high, said.low > 0)


def _column(said: dict[int, Lift], name: str) -> Floats:
    values = [getattr(said[asset], name) if asset in said else None for asset in range(ASSETS)]
    return np.array([np.nan if value is None else value for value in values])


def _of_used(world: World, estimate: Floats, low: Floats, high: Floats, flag: np.ndarray) -> Said:
    used = world.used > 0
    return Said(world.change[used], estimate[used], low[used], high[used], flag[used])
