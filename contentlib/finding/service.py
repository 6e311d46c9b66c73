"""Keeping what people searched for and opened."""

from datetime import timedelta

from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding import queries
from contentlib.finding.bursts import carries_on
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.finding.receipts import Receipt
from contentlib.jobs.models import Job, JobState
from contentlib.search.jobs import reconcile

BURST = timedelta(seconds=30)


def record_search(receipt: Receipt) -> SearchLog:
    """Note a search once, in place of those of the same burst that it only carries on.

    A search that somebody found something by is never taken away.
    """
    known = db.session.get(SearchLog, receipt.search_id)
    if known is not None:
        return known
    for previous in queries.burst_of(receipt.user_id, until=now(), pause=BURST):
        carried_on = carries_on(previous.normalised, receipt.normalised)
        if not carried_on or queries.led_somewhere(previous.id):
            break
        db.session.delete(previous)
    db.session.flush()
    row = SearchLog(
        id=receipt.search_id,
        user_id=receipt.user_id,
        query=receipt.query,
        normalised=receipt.normalised,
        filters=receipt.filters,
        results=receipt.results,
        milliseconds=receipt.milliseconds,
        surface=receipt.surface,
    )
    db.session.add(row)
    db.session.flush()
    if receipt.degraded:
        mend_index()
    return row


def record_click(receipt: Receipt, *, asset_id: int, position: int) -> None:
    """Note that a result was opened; a second opening of it changes nothing."""
    search = record_search(receipt)
    if db.session.get(SearchClick, (search.id, asset_id)) is None:
        db.session.add(SearchClick(search_id=search.id, asset_id=asset_id, position=position))
        db.session.flush()


def mend_index() -> None:
    """Ask once for the index to be compared with the database, and built where it is broken."""
    waiting = select(Job.id).where(
        Job.kind == "search.reconcile", Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    )
    if db.session.scalars(waiting.limit(1)).first() is None:
        reconcile()
