"""The estimator as its definition reads, row by row and with tables of rows by assets."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from contentlib.reports.lift.rows import DAY, EDGES, mature
from tests.reports.lift.ledgers import AS_OF, Firm

Table = Any


@dataclass(frozen=True)
class Long:
    """Every row of the mature deals: outcome, stratum, seller, deal; and per asset two truths."""

    won: Table
    stratum: Table
    seller: Table
    deal: Table
    first: Table
    taking_part: Table


def long(firm: Firm, *, late: bool = True) -> Long:
    rows = _rows(firm)
    ids = np.unique(firm.uses.asset).tolist()
    first = np.zeros((len(rows), len(ids)))
    taking_part = np.ones((len(rows), len(ids)), dtype=bool)
    chosen = {row[0] for row in rows}
    for (deal, asset), at in _first_moments(firm, late=late).items():
        if deal not in chosen:
            continue
        own = [place for place, row in enumerate(rows) if row[0] == deal]
        begun = [place for place in own if rows[place][5] <= at]
        column = ids.index(asset)
        taking_part[[place for place in own if place not in begun], column] = False
        if begun and at <= rows[begun[-1]][6]:
            first[begun[-1], column] = 1
    strata = {key: number for number, key in enumerate(sorted({row[1:5] for row in rows}))}
    return Long(
        won=np.array([float(firm.deals.won[row[0]]) for row in rows]),
        stratum=np.array([strata[row[1:5]] for row in rows]),
        seller=np.array([row[1] for row in rows]),
        deal=np.array([row[0] for row in rows]),
        first=first,
        taking_part=taking_part,
    )


def _rows(firm: Firm) -> list[tuple[int, ...]]:
    """Give deal, seller, size, stage, band, beginning and end of the stay, in order of time."""
    chosen = mature(firm.deals, AS_OF)
    rows = []
    visits = firm.visits
    stays = zip(visits.deal, visits.stage, visits.seller, visits.entered, visits.left, strict=True)
    for deal, stage, seller, entered, left in sorted(
        stays, key=lambda stay: (stay[0], stay[3], stay[4], stay[1], stay[2])
    ):
        end = min(left, firm.deals.closed[deal])
        for band, edge in enumerate(EDGES):
            start = entered + edge * DAY
            if chosen[deal] and start < end:
                size = firm.deals.size[deal]
                rows.append(tuple(map(int, (deal, seller, size, stage, band, start, end))))
    return rows


def _first_moments(firm: Firm, *, late: bool) -> dict[tuple[int, int], int]:
    first: dict[tuple[int, int], int] = {}
    uses = firm.uses
    for deal, asset, at, was_late in zip(uses.deal, uses.asset, uses.at, uses.late, strict=True):
        key = int(deal), int(asset)
        if at <= firm.deals.closed[deal] and (late or not was_late):
            first[key] = min(int(at), first.get(key, int(at)))
    return first


def within(values: Table, stratum: Table) -> Table:
    """Take the means of strata off."""
    means = np.array([values[stratum == one].mean(axis=0) for one in np.unique(stratum)])
    return values - means[np.unique_inverse(stratum)[1]]


def equations(rows: Long) -> tuple[Table, Table]:
    """Give matrix and right side, an equation an asset, from its own rows."""
    lines, right = [], []
    for asset in range(rows.first.shape[1]):
        part = rows.taking_part[:, asset]
        pull = within(rows.first[part, asset], rows.stratum[part])
        lines.append(pull @ rows.first[part])
        right.append(pull @ rows.won[part])
    return np.array(lines), np.array(right)


def scores(rows: Long, effects: Table) -> Table:
    """Give the score of every row for every asset."""
    result = np.zeros(rows.first.shape)
    left = rows.won - rows.first @ effects
    for asset in range(rows.first.shape[1]):
        part = rows.taking_part[:, asset]
        pull = within(rows.first[part, asset], rows.stratum[part])
        result[part, asset] = pull * within(left[part], rows.stratum[part])
    return result


def meat(rows: Long, effects: Table, cluster: Table) -> Table:
    """Give the sum over clusters of the products of their scores."""
    every = scores(rows, effects)
    summed = np.array([every[cluster == one].sum(axis=0) for one in np.unique(cluster)])
    return summed.T @ summed
