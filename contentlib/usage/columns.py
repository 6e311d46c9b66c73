"""The ledger as columns in memory, so that a report counts a million events in milliseconds.

The ledger only grows, so a process reads each event once and keeps it; what is new is read when a
report is asked for. How many different people or deals there were adds up neither over days nor
over grades, so no sums kept beside the ledger could tell it for any days, grade and team; columns
can, and they cannot disagree with the ledger they are read from.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import func, select, text

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db, only_reads
from contentlib.core.instants import Instant, instant
from contentlib.usage.models import UsageEvent, UsageRetraction

Mask = NDArray[np.bool_]
KEPT = "usage.columns"
# As a moment: before any event.
NEVER = np.iinfo(np.int64).min
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Columns:
    """Events in the order in which they happened, each at one place in every column.

    `at` is when, in microseconds since 1970 in UTC; 0 stands for no actor and for no deal.
    """

    id: NDArray[np.int64]
    at: NDArray[np.int64]
    asset: NDArray[np.int32]
    deal: NDArray[np.int32]
    actor: NDArray[np.int32]
    grade: NDArray[np.int8]
    late: Mask

    def __len__(self) -> int:
        return len(self.id)

    def where(self, places: Mask | slice | NDArray[np.intp]) -> "Columns":
        """Return the events at some places; those of a slice are not copied."""
        parts: list[Any] = [getattr(self, column.name)[places] for column in fields(self)]
        return Columns(*parts)

    def between(self, start: datetime, end: datetime) -> "Columns":
        """Return the events that happened from one moment until just before another."""
        first, after = np.searchsorted(self.at, [instant(start), instant(end)])
        return self.where(slice(first, after))

    def since(self, start: datetime) -> "Columns":
        """Return the events that happened at a moment or later."""
        return self.where(slice(np.searchsorted(self.at, instant(start)), None))

    def and_also(self, others: "Columns") -> "Columns":
        """Return these events and others."""
        parts: list[Any] = [
            np.concatenate((getattr(self, column.name), getattr(others, column.name)))
            for column in fields(self)
        ]
        both = Columns(*parts)
        return both.where(np.argsort(both.at, kind="stable"))


_TYPES = (np.int64, np.int64, np.int32, np.int32, np.int32, np.int8, np.bool_)


def _columns(table: NDArray[np.int64]) -> Columns:
    """Return the columns of a table that has a row for each event."""
    parts: list[Any] = [table[:, place].astype(kind) for place, kind in enumerate(_TYPES)]
    return Columns(*parts)


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


NOTHING = Known(_columns(np.zeros((0, len(_TYPES)), dtype=np.int64)))


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
            settled = _settled(newest)
            counted = counted.and_also(_less_taken_back(_read(kept.last)))
            kept = _up_to(settled, counted, back) if settled > kept.last else kept
        # What a transaction that writes has seen may yet be undone with it: that is not kept.
        if only_reads():
            current_app.extensions[KEPT] = kept
        return counted


def _up_to(settled: int, counted: Columns, back: int) -> Known:
    final = counted.id <= settled
    return Known(counted if final.all() else counted.where(final), settled, _key_of(settled), back)


def _key_of(event_id: int) -> str | None:
    return db.session.scalar(select(UsageEvent.idempotency_key).where(UsageEvent.id == event_id))


def _settled(newest: int) -> int:
    """Return up to which id no event can appear any more, given the newest that was seen.

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
    return _columns(table)


def _less_taken_back(events: Columns) -> Columns:
    back = np.array(db.session.scalars(select(UsageRetraction.event_id)).all(), dtype=np.int64)
    gone = np.isin(events.id, back, assume_unique=True)
    return events.where(~gone) if gone.any() else events


def among(column: NDArray[Any], ids: Iterable[int]) -> Mask:
    """Return where a column of ids holds one of some ids; neither may be negative."""
    wanted = np.array(list(ids), dtype=np.int64)
    table = np.zeros(max(column.max(initial=0), wanted.max(initial=0)) + 1, dtype=np.bool_)
    table[wanted] = True
    return table[column]


def pairs(groups: NDArray[Any], members: NDArray[Any]) -> Iterable[tuple[int, int]]:
    """Return the different pairs of a group and a member, in rising order."""
    both = _pairs(groups, members)
    return zip((both >> 32).tolist(), (both & (2**32 - 1)).tolist(), strict=True)


def distinct(groups: NDArray[Any], members: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Return how many different members each group has, for groups from 0 to `size` - 1."""
    return np.bincount(_pairs(groups, members) >> 32, minlength=size)


def _pairs(groups: NDArray[Any], members: NDArray[Any]) -> NDArray[np.int64]:
    """Return each different pair as one number, which sorts many times faster than two."""
    both = groups.astype(np.int64) << 32 | members
    both.sort()
    first = np.ones(len(both), dtype=np.bool_)
    np.not_equal(both[1:], both[:-1], out=first[1:])
    return both[first]
