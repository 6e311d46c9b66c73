"""The like-for-like win rate of each asset, from the deals that the firm closed."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from contentlib.core.clock import start_of_day
from contentlib.core.instants import instant
from contentlib.reports.facts import Facts, closed_between
from contentlib.reports.lift import Deals, Lift, Uses, Visits, lift
from contentlib.usage.models import Grade

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def lifts(day: date, *, zone: str, grade: int = Grade.SENT) -> list[Lift]:
    """Return what can be said of each asset by the end of a day, with events of enough grade."""
    as_of = start_of_day(day + timedelta(days=1), zone)
    facts = closed_between(BEGINNING, as_of, zone=zone)
    return lift(_deals(facts), _visits(facts), _uses(facts, grade), as_of=instant(as_of))


def _deals(facts: Facts) -> Deals:
    deals = facts.deals
    sizes, size = np.unique(deals["size"], return_inverse=True)
    unknown = np.flatnonzero(sizes == b"")
    # The band that is not told is 0, whatever others there are.
    bands = np.where(np.isin(size, unknown), 0, size + 1)
    return Deals(deals["opened"], deals["closed"], deals["won"], bands.astype(np.int64))


def _visits(facts: Facts) -> Visits:
    """Return the stays: a deal leaves a stage when it comes to the next, or is closed."""
    names = ("deal", "stage", "seller", "entered")
    deal, stage, seller, entered = (facts.stays[name].astype(np.int64) for name in names)
    left = facts.deals["closed"][deal]
    goes_on = np.flatnonzero(deal[1:] == deal[:-1])
    left[goes_on] = entered[goes_on + 1]
    return Visits(deal, stage, seller, entered, left)


def _uses(facts: Facts, grade: int) -> Uses:
    """Return the uses that count, late ones too.

    A confirmation is no use: it is told at the close by who knows how the deal ended.
    """
    touches = facts.touches
    grades: NDArray[np.int8] = touches["grade"]
    used = touches[(grades >= grade) & (grades < Grade.CONFIRMED)]
    deal, asset, at = (used[name].astype(np.int64) for name in ("deal", "asset", "at"))
    return Uses(deal, asset, at, used["late"])
