"""What a firm looks like from outside, so that one can tell whether such a firm might exist."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from contentlib.core.instants import NOT_YET
from tests.bench.table import table
from tests.simulation.records import AS_OF, DAY
from tests.simulation.scenarios import ASSETS
from tests.simulation.scores import FOUND_FROM
from tests.simulation.world import World

COLUMNS = (
    "won",
    "days to close, median",
    "95 %",
    "assets a deal",
    "deals of an asset, least",
    "most",
    "assets worth 2 points or more",
    "the best, points",
)
# Deals of the last half year would count only where they went quickly.
SETTLED = AS_OF - 180 * DAY


@dataclass(frozen=True)
class Looks:
    """Figures of one world; shares are of deals opened more than half a year ago, and of assets."""

    won: float
    median_days: float
    most_days: float
    assets: float
    least_used: float
    most_used: float
    worth: float
    best: float


def looks(world: World) -> Looks:
    """Look at one world."""
    deals, uses = world.records.deals, world.records.uses
    settled = (deals.opened < SETTLED) & (deals.closed != NOT_YET)
    days = (deals.closed - deals.opened)[settled] / DAY
    pairs = np.unique(uses.deal * ASSETS + uses.asset)
    pairs = pairs[settled[pairs // ASSETS]]
    share = np.bincount(pairs % ASSETS, minlength=ASSETS) / settled.sum()
    return Looks(
        won=float(deals.won[settled].mean()),
        median_days=float(np.median(days)),
        most_days=float(np.quantile(days, 0.95)),
        assets=len(pairs) / settled.sum(),
        least_used=float(share.min()),
        most_used=float(share.max()),
        worth=float(np.mean(world.change >= FOUND_FROM)),
        best=100 * float(np.nanmax(world.change)),
    )


def looks_table(firms: Mapping[str, Sequence[Looks]]) -> str:
    """Give a row for each scenario: means over its worlds."""
    rows = {
        name: _cells(*np.mean([astuple(one) for one in ones], axis=0))
        for name, ones in firms.items()
    }
    return table("firm", COLUMNS, rows)


def _cells(
    won: float,
    days: float,
    most_days: float,
    assets: float,
    least: float,
    most: float,
    worth: float,
    best: float,
) -> tuple[str, ...]:
    shares = [f"{share:.1%}" for share in (least, most)]
    return (
        f"{won:.1%}",
        f"{days:.0f}",
        f"{most_days:.0f}",
        f"{assets:.1f}",
        *shares,
        f"{worth:.0%}",
        f"{best:.1f}",
    )
