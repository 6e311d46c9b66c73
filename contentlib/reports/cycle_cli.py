"""Cohorts and cycle on the command line."""

from collections.abc import Sequence
from typing import Any

import click
from flask import current_app

from contentlib.core.db import reading
from contentlib.core.proportion import Proportion
from contentlib.reports.cohorts.cycle import Cycle
from contentlib.reports.cohorts.equal_age import AGES, Cohort
from contentlib.reports.cohorts.followed import DAY
from contentlib.reports.cycle_deals import Ledger, deals_by
from contentlib.reports.printing import as_of_options, period_between, print_table

COHORT_COLUMNS = (
    *("cohort", "opened", "won", "lost", "open"),
    *(f"won_by_{age}" for age in AGES),
    *(f"lost_by_{age}" for age in AGES),
    *("naive", "immature"),
)
CYCLE_COLUMNS = (
    *("size", "deals", "won", "lost", "open"),
    *("close_quarter", "close_median", "close_low", "close_high", "close_three_quarters"),
    *("won_quarter", "won_median", "mature_won", "median_among_won"),
)


@click.command("cohorts")
@as_of_options
@reading()
def cohorts(as_of: str, form: str) -> None:
    """Print of the deals opened in each month how many were won and lost by the same age."""
    rows = [(f"{month:%Y-%m}", *_cohort(one)) for month, one in _ledger(as_of).by_month()]
    print_table(COHORT_COLUMNS, rows, form)


@click.command("cycle")
@as_of_options
@reading()
def cycle(as_of: str, form: str) -> None:
    """Print how many days deals take, open ones counted for as long as they have lasted."""
    ledger = _ledger(as_of)
    rows = [(size or "unknown", *_cycle(one)) for size, one in ledger.by_size()]
    rows += [("all", *_cycle(one)) for one in ledger.of_all()]
    print_table(CYCLE_COLUMNS, rows, form)


def _ledger(as_of: str) -> Ledger:
    """Return the deals by a day; of how many nothing can be told is said beside the table."""
    zone = current_app.extensions["settings"].timezone
    ledger = deals_by(period_between("", as_of).last, zone=zone)
    if ledger.left_out.backwards:
        click.echo(
            f"left out: {ledger.left_out.backwards} deals closed before they opened", err=True
        )
    return ledger


def _cohort(one: Cohort) -> Sequence[Any]:
    shares = (*one.won_by, *one.lost_by, one.naive)
    counts = (one.opened, one.won, one.lost, one.still_open)
    return (*counts, *map(_share, shares), one.is_immature)


def _cycle(one: Cycle) -> Sequence[Any]:
    closed, won = one.to_close, one.to_won
    return (
        *(one.deals, one.won, one.lost, one.still_open),
        *map(_days, (closed.quarter, closed.median, closed.low, closed.high)),
        *map(_days, (closed.three_quarters, won.quarter, won.median)),
        *(one.mature_won, _days(one.among_won)),
    )


def _share(share: Proportion | None) -> float | None:
    return None if share is None or not share.whole else round(share.part / share.whole, 6)


def _days(age: int | None) -> float | None:
    return None if age is None else round(age / DAY, 2)
