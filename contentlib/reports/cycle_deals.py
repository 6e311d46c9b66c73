"""The firm's deals as cohorts and cycles follow them: from their opening to their end or a day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select

from contentlib.core.arrays import whole_numbers
from contentlib.core.clock import local_day, start_of_day
from contentlib.core.instants import NOT_YET, Instant, instant, moment_of
from contentlib.deals.forms import SIZE_BANDS
from contentlib.deals.models import Company, Deal, Outcome
from contentlib.deals.queries import company_size
from contentlib.reports.cohorts.cycle import Cycle, cycles
from contentlib.reports.cohorts.equal_age import Cohort, at_equal_age
from contentlib.reports.cohorts.followed import (
    LOST,
    OPEN,
    WON,
    Deals,
    Followed,
    LeftOut,
    follow,
)
from contentlib.reports.periods import months_between

BANDS = ("", *SIZE_BANDS)
"""Sizes of companies by the number that stands for each; what else is told counts as not known."""
ENDS = {Outcome.OPEN: OPEN, Outcome.WON: WON, Outcome.LOST: LOST}


@dataclass(frozen=True)
class Ledger:
    """The deals that were followed, those of which nothing can be told, and the bands of all."""

    followed: Followed
    left_out: LeftOut
    opened: NDArray[np.int64]
    band: NDArray[np.int64]
    zone: str

    def by_month(self) -> list[tuple[date, Cohort]]:
        """Return what became of the deals opened in each month."""
        months, starts = _months(self.opened, self.zone)
        keys = np.searchsorted(starts, self.opened, side="right") - 1
        return [(months[one.key], one) for one in at_equal_age(self.followed, keys)]

    def by_size(self) -> list[tuple[str, Cycle]]:
        """Return how long deals take for each size of company."""
        return [(BANDS[one.key], one) for one in cycles(self.followed, self.band)]

    def of_all(self) -> list[Cycle]:
        """Return how long all deals together take; nothing where there is none."""
        return cycles(self.followed, np.zeros_like(self.band))


def deals_by(day: date, *, zone: str) -> Ledger:
    """Return the deals as they stood at the end of a day."""
    rows = whole_numbers(
        select(
            Instant(Deal.opened_at),
            func.coalesce(Instant(Deal.closed_at), NOT_YET),
            case(*((Deal.outcome == outcome, end) for outcome, end in ENDS.items())),
            case(*((company_size() == band, number) for number, band in enumerate(BANDS)), else_=0),
        ).join(Company, Company.id == Deal.company_id, isouter=True)
    )
    opened, closed, outcome, band = rows.T.copy()
    as_of = instant(start_of_day(day + timedelta(days=1), zone)) - 1
    followed, left_out = follow(Deals(opened, closed, outcome.astype(np.int8)), as_of)
    return Ledger(followed, left_out, opened, band, zone)


def _months(moments: NDArray[np.int64], zone: str) -> tuple[list[date], NDArray[np.int64]]:
    """Return the months that some moments lie in and those between, and when each begins."""
    if not len(moments):
        return [], np.zeros(0, dtype=np.int64)
    first, last = (local_day(moment_of(int(at)), zone) for at in (moments.min(), moments.max()))
    months = months_between(first, last, zone)
    starts = np.array([instant(month.start) for month in months], dtype=np.int64)
    return [month.first for month in months], starts
