"""What a process remembers of a PostgreSQL index: everything but words, as arrays.

A document's number never comes back, so what was read of it stays true: after a change, only new
numbers are read and those that are gone struck out. Labels are read once for all documents that
share them.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from contentlib.search.facets import Column, Mask
from contentlib.search.generation import memory_of, new_views
from contentlib.search.kept import Kept
from contentlib.search.postgres.tables import State, Tables

_NEW = """
SELECT string_agg(int4send(number), ''), string_agg(int4send(profile), ''),
       string_agg(int4send(length), ''), string_agg(float8send(moment), ''), array_agg(id)
FROM (SELECT number, profile, length, moment, id FROM {document} WHERE number > %(last)s) AS new
"""
_GONE = "SELECT number FROM {gone} WHERE change > %(change)s AND number <= %(last)s"
_PROFILES = "SELECT number, labels FROM {profile} WHERE number > %(last)s ORDER BY number"

KEPT_BYTES = 64 * 2**20

Labels = tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]
NOBODY: Labels = ((), {})


class Codes:
    """Numbers for the different sets of labels, by profile; they grow as profiles do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str | None, tuple[NDArray[np.int32], dict[tuple[str, ...], int]]] = {}

    def column(
        self, name: str | None, labels: Sequence[Labels], profiles: NDArray[np.int32]
    ) -> Column:
        """Give the column of a facet, or of who may find what, for documents of these profiles."""
        with self._lock:
            codes, code_of = self._known.get(name, (np.empty(0, np.int32), {}))
            new = [
                access if name is None else facets.get(name, ())
                for access, facets in labels[len(codes) :]
            ]
            added = [code_of.setdefault(one, len(code_of)) for one in new]
            codes = np.concatenate([codes, np.array(added, np.int32)])
            self._known[name] = (codes, code_of)
            return Column(codes[profiles], tuple(code_of))


@dataclass(frozen=True)
class Columns:
    """The documents of an index after one change, by number; immutable, shared by threads."""

    tables: Tables
    state: State
    ids: Sequence[str] = ("",)
    numbers: Mapping[str, int] = field(default_factory=dict)
    live: Mask = field(default_factory=lambda: np.zeros(1, np.bool_))
    moments: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1, np.float64))
    lengths: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    profiles: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    labels: Sequence[Labels] = (NOBODY,)
    codes: Codes = field(default_factory=Codes)

    def followed(self, connection: Connection, state: State) -> "Columns":
        """Give the columns after later changes."""
        last = len(self.ids) - 1
        found = _run(connection, self.tables, _NEW, last=last).one()
        new, profiles, lengths = (unpacked(packed, ">i4") for packed in found[:3])
        moments, ids = unpacked(found[3], ">f8"), found[4] or []
        gone = _run(connection, self.tables, _GONE, last=last, change=self.state.change).scalars()
        size = max(last, int(new.max(initial=0))) + 1
        live = _longer(self.live, size)
        live[list(gone)] = False
        live[new] = True
        every_id = [*self.ids, *[""] * (size - last - 1)]
        for number, id_ in zip(new.tolist(), ids, strict=True):
            every_id[number] = id_
        return replace(
            self,
            state=state,
            ids=every_id,
            numbers={**self.numbers, **dict(zip(ids, new.tolist(), strict=True))},
            live=live,
            moments=_with(self.moments, size, new, moments),
            lengths=_with(self.lengths, size, new, lengths),
            profiles=_with(self.profiles, size, new, profiles),
            labels=_labels(connection, self),
        )

    @cached_property
    def relative_lengths(self) -> NDArray[np.float32]:
        """How long each document is in words, 1 being the average."""
        average = self.lengths[self.live].mean(dtype=np.float64) if self.live.any() else 1.0
        return (self.lengths / (average or 1.0)).astype(np.float32)

    @cached_property
    def access(self) -> Column:
        """Who may find what."""
        return self.codes.column(None, self.labels, self.profiles)

    @cached_property
    def views(self) -> Kept[frozenset[str], Mask]:
        """What sets of people with the same rights may see."""
        return new_views()

    @cached_property
    def kept(self) -> Kept[Any, Any]:
        """What searches work out from this state of the index, and from nothing that changes."""
        return Kept(KEPT_BYTES, memory_of)

    def facet(self, name: str) -> Column:
        """Give a facet's labels; documents without that facet carry none."""
        column: Column = self.kept.get(
            ("facet", name), lambda: self.codes.column(name, self.labels, self.profiles)
        )
        return column


def unpacked(packed: bytes | None, kind: str) -> NDArray[Any]:
    """Read numbers that PostgreSQL packed into bytes, its highest byte first."""
    numbers = np.frombuffer(packed or b"", kind)
    return numbers.astype(numbers.dtype.newbyteorder("="))


def _labels(connection: Connection, before: Columns) -> Sequence[Labels]:
    rows = _run(connection, before.tables, _PROFILES, last=len(before.labels) - 1).all()
    labels = [*before.labels]
    for number, text in rows:
        access, facets = json.loads(text)
        labels += [NOBODY] * (number - len(labels))
        labels.append((tuple(access), {name: tuple(of) for name, of in facets.items()}))
    return labels


def _with(
    before: NDArray[Any], size: int, places: NDArray[Any], values: NDArray[Any]
) -> NDArray[Any]:
    after = _longer(before, size)
    after[places] = values
    return after


def _longer(before: NDArray[Any], size: int) -> NDArray[Any]:
    return np.concatenate([before, np.zeros(size - len(before), before.dtype)])


def _run(connection: Connection, tables: Tables, statement: str, **values: Any) -> Any:
    return connection.exec_driver_sql(tables.sql(statement), values)
