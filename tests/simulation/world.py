"""One world: a firm that has lived for two years, its records, and what is true of its assets."""

import zlib
from dataclasses import dataclass, fields

import numpy as np
from numpy.random import Generator

from contentlib.reports.lift import Visits
from tests.simulation.firm import DAYS, STEP, Firm, Floats, Ints, draw_firm
from tests.simulation.outcomes import changes, closes
from tests.simulation.paths import Paths, followed
from tests.simulation.records import Records, deal_records, use_records, visit_records
from tests.simulation.scenarios import SELLERS, Scenario


@dataclass(frozen=True)
class World:
    """What is written down, and for each asset the truth: what it changed, and on how many deals.

    `change` is a difference of the chance of winning, less that of the typical asset; it is not a
    number for an asset that nobody used.
    """

    records: Records
    change: Floats
    used: Ints


@dataclass(frozen=True)
class _Part:
    """Some of the firm's deals as they went; `day` is the day of each use."""

    closed: Floats
    won: np.ndarray
    visits: Visits
    deal: Ints
    asset: Ints
    day: Floats
    change: Floats
    used: Ints


def live(scenario: Scenario, deals: int, seed: int, sellers: int | None = None) -> World:
    """Let a firm of so many deals live; the same numbers give the same world."""
    rng = np.random.default_rng([zlib.crc32(scenario.name.encode()), deals, seed])
    firm = draw_firm(scenario, deals, sellers or SELLERS[deals], rng)
    parts = [_part(firm, paths, rng) for paths in followed(firm, rng)]
    closed, won, deal, asset, day = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("closed", "won", "deal", "asset", "day")
    )
    records = Records(
        deal_records(firm, closed, won, rng),
        _joined([part.visits for part in parts]),
        use_records(firm, deal, asset, day, closed, won, rng),
    )
    used = np.sum([part.used for part in parts], axis=0)
    change = np.sum([part.change for part in parts], axis=0)
    return World(records, compared(change / np.where(used, used, np.nan), used), used)


def compared(change: Floats, used: Ints) -> Floats:
    """Give changes less that of the typical asset: the median, weighted by deals."""
    order = np.argsort(change)
    weight = np.cumsum(used[order])
    return change - change[order][np.searchsorted(weight, weight[-1] / 2)]


def _part(firm: Firm, paths: Paths, rng: Generator) -> _Part:
    last, won = closes(paths, rng)
    opened = firm.openings.opened[paths.deals]
    day = opened[paths.deal] + (paths.step + rng.random(len(paths.step))) * STEP
    happened = (paths.step <= last[paths.deal]) & (day <= DAYS)
    change, used = changes(firm, paths, happened)
    return _Part(
        closed=opened + (last + 1) * STEP,
        won=won,
        visits=visit_records(firm, paths, last),
        deal=paths.deals[paths.deal[happened]],
        asset=paths.asset[happened],
        day=day[happened],
        change=change,
        used=used,
    )


def _joined(visits: list[Visits]) -> Visits:
    columns = [field.name for field in fields(Visits)]
    return Visits(
        **{name: np.concatenate([getattr(one, name) for one in visits]) for name in columns}
    )
