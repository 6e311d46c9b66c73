"""What a firm writes down of its deals: all that the reports ever see."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from contentlib.core.instants import NOT_YET
from contentlib.reports.lift import Deals, Uses, Visits
from tests.simulation.firm import DAYS, STEP, Firm, Floats, Ints
from tests.simulation.paths import Paths

DAY = 24 * 3_600 * 1_000_000
START = 1_700_000_000_000_000
AS_OF = START + DAYS * DAY
# Sizes that a seller finds in a list: bands of the logarithm; one deal in ten has none.
SIZES = np.array([-0.7, 0.3, 1.2])


@dataclass(frozen=True)
class Records:
    """Deals, visits and uses as the reports take them; places of deals are those of the firm."""

    deals: Deals
    visits: Visits
    uses: Uses


def moment(days: Floats) -> Ints:
    """Give microseconds since 1970 for days since the firm's first day."""
    return START + np.round(days * DAY).astype(np.int64)


def deal_records(firm: Firm, closed: Floats, won: NDArray[np.bool_], rng: Generator) -> Deals:
    """Write down the deals; what closes after the last day is still open."""
    openings = firm.openings
    band = np.searchsorted(SIZES, openings.size) + 1
    known = rng.random(len(closed)) >= 0.1
    return Deals(
        opened=moment(openings.opened),
        closed=np.where(closed <= DAYS, moment(closed), NOT_YET),
        won=won & (closed <= DAYS),
        size=np.where(known, band, 0).astype(np.int64),
    )


def visit_records(firm: Firm, paths: Paths, last: Ints) -> Visits:
    """Write down the visits to stages of some deals, whose last step is `last`."""
    thresholds = firm.openings.thresholds[paths.deals]
    stage = sum((paths.progress > one).astype(np.int64) for one in thresholds.T)
    begins = np.ones(stage.shape, np.bool_)
    begins[1:] = stage[1:] != stage[:-1]
    begins &= np.arange(len(stage))[:, None] <= last
    column, step = np.nonzero(begins.T)
    opened = firm.openings.opened[paths.deals][column]
    entered = opened + step * STEP
    left = opened + (last[column] + 1) * STEP
    goes_on = column[:-1] == column[1:]
    left[:-1] = np.where(goes_on, entered[1:], left[:-1])
    deal = paths.deals[column]
    seen = entered <= DAYS
    return Visits(
        deal=deal[seen],
        stage=stage[step, column][seen],
        # Seller 0 would be nobody.
        seller=firm.openings.seller[deal][seen] + 1,
        entered=moment(entered)[seen],
        left=np.where(left <= DAYS, moment(left), NOT_YET)[seen],
    )


def use_records(
    firm: Firm,
    deal: Ints,
    asset: Ints,
    day: Floats,
    closed: Floats,
    won: np.ndarray,
    rng: Generator,
) -> Uses:
    """Write down uses that were, some of them late or never, and some that never were.

    A use that is not written down at once waits until the deal is decided; then people remember
    three of four on a won deal and one of three on a lost one, and the day only roughly. Invented
    uses are of assets as popular as they are, at any moment while the deal was open.
    """
    scenario = firm.scenario
    late = rng.random(len(deal)) < scenario.late
    remembered = rng.random(len(deal)) < np.where(won[deal], 0.75, 0.33)
    kept = ~late | (remembered & (closed[deal] <= DAYS))
    roughly = np.clip(day + rng.normal(0, 5, len(day)), firm.openings.opened[deal], closed[deal])
    day = np.where(late, roughly, day)
    invented = _invented(firm, closed, won, rng)
    at = np.concatenate([day[kept], invented[2]])
    seen = at <= DAYS
    return Uses(
        deal=np.concatenate([deal[kept], invented[0]])[seen],
        asset=np.concatenate([asset[kept], invented[1]])[seen],
        at=moment(at)[seen],
        late=np.concatenate([late[kept], np.ones(len(invented[0]), np.bool_)])[seen],
    )


def _invented(
    firm: Firm, closed: Floats, won: np.ndarray, rng: Generator
) -> tuple[Ints, Ints, Floats]:
    chance = firm.scenario.invented * np.where(won, 1.0, 0.2) * (closed <= DAYS)
    deal = np.flatnonzero(rng.random(len(closed)) < chance)
    odds = np.exp(firm.assets.popularity)
    asset = rng.choice(len(odds), size=len(deal), p=odds / odds.sum())
    opened = firm.openings.opened[deal]
    return deal, asset, opened + rng.random(len(deal)) * (closed[deal] - opened)
