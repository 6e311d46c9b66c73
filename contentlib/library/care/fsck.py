"""Do rows, objects and index agree? Looks, and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.db import db, reading
from contentlib.jobs.models import Job, JobState
from contentlib.library.care import tombstones
from contentlib.library.care.kept import owner_of
from contentlib.library.care.sweeping import UNTOUCHED
from contentlib.library.files.keys import converted_key, preview_key
from contentlib.library.models import Blob
from contentlib.search import SearchError
from contentlib.search.current import current_engine
from contentlib.search.jobs import INDEXING, reconcile
from contentlib.search.sources import sources
from contentlib.storage import ObjectMissing, Storage, StoredObject, hash_of, object_key


class Kind(StrEnum):
    """What can be wrong."""

    MISSING = "missing"
    SIZE = "wrong size"
    DAMAGED = "damaged"
    PICTURES = "no picture"
    PDF = "no PDF"
    OWNERLESS = "without row"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree; what is being seen to already is not `wrong`."""

    kind: Kind
    key: str
    detail: str = ""
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of its bytes; a picture of each of the first `pictures` pages is kept.

    `pdf` is the size of the PDF that was made of them, if one was.
    """

    sha256: str
    size: int
    pictures: int
    pdf: int | None


class Examination:
    """One look at everything: first the store is listed, then rows are read, then they compare."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._objects = {item.key: item for item in storage.find() if owner_of(item.key)}
        with reading():
            columns = select(Blob.sha256, Blob.size, Blob.preview_count, Blob.pdf_size)
            self.rows = [Row(*row) for row in db.session.execute(columns.order_by(Blob.sha256))]
            self._fates = tombstones.fates()
            # What takes long comes after, and holds no transaction open.
            db.session.rollback()

    @property
    def objects(self) -> int:
        """Count what the store has."""
        return len(self._objects)

    def faults(self, *, deep: bool) -> Iterator[Fault]:
        """Give everything that does not agree; `deep` reads every file and compares its hash."""
        for row in self.rows:
            yield from self._file(row, deep=deep)
            yield from self._pictures(row)
            yield from self._pdf(row)
        yield from self._ownerless(now() - UNTOUCHED)
        with reading():
            yield from index_faults()
            db.session.rollback()

    def _file(self, row: Row, *, deep: bool) -> Iterator[Fault]:
        key = object_key(row.sha256)
        found = self._find(key)
        if found is None:
            yield Fault(Kind.MISSING, key)
        elif found.size != row.size:
            yield Fault(Kind.SIZE, key, f"{found.size} bytes, expected {row.size}")
        elif deep and self._hash(key) != row.sha256:
            yield Fault(Kind.DAMAGED, key, "other bytes than were sent")

    def _pictures(self, row: Row) -> Iterator[Fault]:
        pages = range(1, row.pictures + 1)
        lost = [page for page in pages if self._find(preview_key(row.sha256, page)) is None]
        if lost:
            yield Fault(Kind.PICTURES, row.sha256, f"pages {', '.join(map(str, lost))}")

    def _pdf(self, row: Row) -> Iterator[Fault]:
        if row.pdf is None:
            return
        found = self._find(converted_key(row.sha256))
        if found is None or found.size != row.pdf:
            yield Fault(Kind.PDF, row.sha256, "made of an Office file")

    def _ownerless(self, before: datetime) -> Iterator[Fault]:
        known = {row.sha256 for row in self.rows}
        for key, item in sorted(self._objects.items()):
            if owner_of(key) not in known and item.modified < before:
                fate = self._fates.get(key)
                yield Fault(Kind.OWNERLESS, key, fate or "", wrong=fate is None)

    def _find(self, key: str) -> StoredObject | None:
        """Look an object up; what came after the listing is asked for by itself."""
        return self._objects.get(key) or self._storage.stat(key)

    def _hash(self, key: str) -> str:
        try:
            return hash_of(self._storage, key)
        except ObjectMissing:
            return ""


def index_faults() -> Iterator[Fault]:
    """Give the documents on which index and database differ though no work waits for them."""
    try:
        differing = sources.differences(current_engine().revisions())
    except SearchError as error:
        yield Fault(Kind.INDEX, "all", str(error))
        return
    open_states = (JobState.QUEUED, JobState.RUNNING)
    waiting = select(Job.key).where(Job.kind == INDEXING, Job.state.in_(open_states))
    for document_id in sorted(differing - set(db.session.scalars(waiting))):
        yield Fault(Kind.INDEX, document_id, "differs from the database")


def repair(faults: list[Fault]) -> int:
    """Ask the worker for what can be made again from what is whole; count what was asked for."""
    made = {fault.key for fault in faults if fault.kind in (Kind.PICTURES, Kind.PDF)}
    for sha256 in sorted(made):
        jobs.enqueue("library.preview", sha256, {"sha256": sha256})
    index = any(fault.kind is Kind.INDEX for fault in faults)
    if index:
        reconcile()
    return len(made) + index
