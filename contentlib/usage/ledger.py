"""The ledger in memory, so that a report counts a million events in milliseconds.

The ledger only grows, so a process reads each event once and keeps it; what is new is read when a
report is asked for. How many different people or deals there were adds up neither over days nor
over grades, so no sums kept beside the ledger could tell it for any days, grade and team; columns
can, and they cannot disagree with the ledger they are read from.
"""

import threading
from dataclasses import dataclass, replace

import numpy as np
from flask import current_app
from sqlalchemy import func, select, text

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db, only_reads
from contentlib.core.instants import Instant
from contentlib.usage.columns import TYPES, Columns, columns_of
from contentlib.usage.models import UsageEvent, UsageRetraction

KEPT = "usage.ledger"
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Known:
    """The events that count among those up to the id `last`.

    `key` is that last event's own, by which the ledger is known again; `back` is the number of
    events taken back, counted or not.
    """

    counted: Columns
    last: int = 0
    key: str | None = None
    back: int = 0


NOTHING = Known(columns_of(np.zeros((0, len(TYPES)), dtype=np.int64)))


def counted() -> Columns:
    """Return all events that count, as this transaction sees the ledger."""
    with _ONE_AT_A_TIME:
        kept = current_app.extensions.get(KEPT, NOTHING)
        if _key_of(kept.last) != kept.key:
            # The database is another one, as after a backup was put back.
            kept = NOTHING
        back = db.session.scalar(select(func.count(UsageRetraction.event_id))) or 0
        if back != kept.back:
            kept = replace(kept, counted=_less_taken_back(kept.counted), back=back)
        newest = db.session.scalar(select(func.max(UsageEvent.id))) or 0
        counted = kept.counted
        if newest > kept.last:
            final = settled(newest)
            counted = counted.and_also(_less_taken_back(_read(kept.last)))
            kept = _up_to(final, counted, back) if final > kept.last else kept
        # What a transaction that writes has seen may yet be undone with it: that is not kept.
        if only_reads():
            current_app.extensions[KEPT] = kept
        return counted


def _up_to(last: int, counted: Columns, back: int) -> Known:
    final = counted.id <= last
    return Known(counted if final.all() else counted.where(final), last, _key_of(last), back)


def _key_of(event_id: int) -> str | None:
    return db.session.scalar(select(UsageEvent.idempotency_key).where(UsageEvent.id == event_id))


def settled(newest: int) -> int:
    """Return up to which id no event can appear any more, given the newest that was seen, or 0.

    SQLite writes one transaction after the other. PostgreSQL gives ids out before it commits, so
    that a lower one may yet appear, unless nobody writes into the ledger just then.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return newest
    return 0 if db.session.scalar(_SOMEBODY_WRITES) else newest


_SOMEBODY_WRITES = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = CAST('usage_event' AS regclass)"
    " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid())"
)


def _read(after: int) -> Columns:
    """Read the events after an id."""
    event = UsageEvent
    table = whole_numbers(
        select(
            event.id,
            Instant(event.occurred_at),
            event.asset_id,
            func.coalesce(event.deal_id, 0),
            func.coalesce(event.actor_id, 0),
            event.grade,
            event.late,
        ).where(event.id > after)
    )
    return columns_of(table)


def _less_taken_back(events: Columns) -> Columns:
    back = np.array(db.session.scalars(select(UsageRetraction.event_id)).all(), dtype=np.int64)
    gone = np.isin(events.id, back, assume_unique=True)
    return events.where(~gone) if gone.any() else events
