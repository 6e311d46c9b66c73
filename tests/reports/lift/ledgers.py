"""Small firms drawn at random, with everything in them that data can contain."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from contentlib.core.instants import NOT_YET
from contentlib.reports.lift import Deals, Uses, Visits
from contentlib.reports.lift.cells import Cells, cells_of
from contentlib.reports.lift.first_uses import FirstUses, first_uses, ordered
from contentlib.reports.lift.rows import DAY, Rows, rows_of

AS_OF = 1_000 * DAY


@dataclass(frozen=True)
class Firm:
    deals: Deals
    visits: Visits
    uses: Uses


def firm(
    seed: int,
    deals: int = 60,
    *,
    assets: int = 6,
    sellers: int = 4,
    stages: int = 3,
    uses: int = 4,
    kits: float = 0.2,
    move: float = 0.1,
) -> Firm:
    """Draw deals with one to four stays; `kits`, `move`: rates of shared uses, new sellers."""
    draw = np.random.default_rng(seed)
    opened = draw.integers(0, 700 * DAY, deals)
    size, owner = draw.integers(0, 3, deals), draw.integers(0, sellers, deals)
    stays = []
    closed = np.full(deals, NOT_YET)
    for deal in range(deals):
        at, seller = int(opened[deal]), int(owner[deal])
        for _ in range(draw.integers(1, 5)):
            left = at + int(draw.exponential(9) * DAY) * int(draw.random() < 0.95)
            if draw.random() < move:
                seller = int(draw.integers(0, sellers))
            stays.append((deal, int(draw.integers(stages)), seller, at, left))
            # Now and then nobody knows where the deal was for some days.
            at = left + int(draw.random() < 0.1) * 2 * DAY
        closed[deal] = at if draw.random() < 0.95 else NOT_YET
    won = draw.random(deals) < 0.4
    deal = draw.integers(0, deals, deals * uses)
    end = np.where(closed == NOT_YET, opened + 50 * DAY, closed)
    at = opened[deal] + ((end - opened)[deal] * draw.uniform(-0.1, 1, len(deal))).astype(np.int64)
    asset = draw.integers(0, assets, len(deal)) * 10 + 7
    copied = np.flatnonzero(draw.random(len(deal)) < kits)
    deal[copied], at[copied] = deal[copied - 1], at[copied - 1]
    return Firm(
        Deals(opened, closed, won & (closed != NOT_YET), size),
        Visits(*np.array(stays, dtype=np.int64).reshape(-1, 5).T),
        Uses(deal, asset, at, draw.random(len(deal)) < 0.2),
    )


def shuffled(firm: Firm, seed: int) -> Firm:
    """Return the same firm with everything in another order."""
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(firm.deals.won))
    place = np.argsort(order)
    visits = replace(firm.visits, deal=place[firm.visits.deal])
    uses = replace(firm.uses, deal=place[firm.uses.deal])
    return Firm(
        _at(firm.deals, order),
        _at(visits, draw.permutation(len(visits.deal))),
        _at(uses, draw.permutation(len(uses.deal))),
    )


def _at(table: Any, places: Any) -> Any:
    return type(table)(*[getattr(table, column.name)[places] for column in fields(table)])


@dataclass(frozen=True)
class Counted:
    rows: Rows
    first: FirstUses
    cells: Cells


def counted(firm: Firm, *, late: bool = True) -> Counted:
    """Do what comes before the fit."""
    ids = np.unique(firm.uses.asset)
    rows = rows_of(firm.deals, firm.visits, AS_OF)
    use = ordered(rows, firm.deals, firm.uses, ids)
    first = first_uses(rows, use, late=late)
    return Counted(rows, first, cells_of(rows, first, len(ids)))


def one_day_stays(stages: Any, sellers: Any, won: Any, used: Any, assets: Any) -> Firm:
    """Make deals with a day in each stage (deals by stages); uses are in the last of them."""
    count, many = stages.shape
    opened = np.arange(count)
    deal = np.repeat(opened, many)
    entered = opened[deal] + np.tile(np.arange(many), count) * DAY
    closed = opened + many * DAY
    return Firm(
        Deals(opened, closed, won, np.zeros(count, dtype=np.int64)),
        Visits(deal, stages.ravel(), sellers[deal], entered, entered + DAY),
        Uses(used, assets, closed[used] - 1, np.zeros(len(used), dtype=np.bool_)),
    )
