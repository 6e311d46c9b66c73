"""Where a Whoosh index lives: its folders, its pointer, and who may write.

``DIR/current`` names the folder in use, ``DIR/v<version>-<token>/`` is an index. A rebuild makes a
new folder beside the old one and swaps the pointer by rename, so a reader sees one or the other.
The folder is private, because Whoosh keeps pickles in it.
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from contentlib.search.engine import BROKEN, BUSY, NO_INDEX, NoIndex, SearchBusy, SearchUnavailable
from contentlib.search.whoosh_format import SCHEMA, VERSION, Codec, DurableStorage, sync

INDEX_NAME = "content"
_POINTER = "current"
_DAMAGED = "damaged"


class Folder:
    """The folder of an index, its current version and the right to write it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Path:
        """Give the index folder in use; raises ``SearchUnavailable`` where none can be used."""
        name = self._read(_POINTER)
        if not name.startswith(f"{VERSION}-") or "/" in name:
            raise NoIndex(NO_INDEX)
        if self._read(_DAMAGED) == name:
            raise SearchUnavailable(BROKEN)
        return self.path / name

    def condemn(self, path: Path) -> None:
        """Let nobody use a damaged index any more, so that the next writer builds another."""
        if self._read(_POINTER) == path.name:
            (self.path / _DAMAGED).write_text(path.name)

    @contextmanager
    def writing(self, patience: float = 10.0) -> Iterator[None]:
        """Hold the right to write; the system takes it back from a process that dies."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        descriptor = os.open(self.path / "writer.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _acquire(descriptor, time.monotonic() + patience)
            yield
        finally:
            os.close(descriptor)

    def create(self) -> Path:
        """Make an empty index that nobody reads yet."""
        path = self.path / f"{VERSION}-{secrets.token_hex(6)}"
        path.mkdir(mode=0o700)
        TOC.create(DurableStorage(str(path)), SCHEMA, INDEX_NAME)
        return path

    def publish(self, path: Path) -> None:
        """Make an index the current one and drop every other, keeping a damaged one to look at."""
        condemned = self._read(_DAMAGED)
        pointer = self.path / f"{_POINTER}.new"
        pointer.write_text(path.name)
        sync(pointer)
        sync(self.path)
        pointer.replace(self.path / _POINTER)
        sync(self.path)
        for old in [folder for folder in self.path.iterdir() if folder.is_dir()]:
            if old.name == condemned:
                old.rename(self.path / f"quarantine-{old.name}")
            elif old != path:
                shutil.rmtree(old, ignore_errors=True)
        (self.path / _DAMAGED).unlink(missing_ok=True)

    def _read(self, name: str) -> str:
        try:
            return (self.path / name).read_text().strip()
        except FileNotFoundError:
            return ""


def open_index(path: Path) -> FileIndex:
    """Open an index folder; our schema spares reading the pickled one."""
    storage = DurableStorage(str(path))
    try:
        return FileIndex(storage, SCHEMA, INDEX_NAME)
    except Exception:
        storage.close_opened()
        raise


def commits_in(path: Path) -> frozenset[str]:
    """Name the commits that an index folder holds: one, two while a writer ends, none once gone."""
    try:
        return frozenset(table.name for table in path.glob("*.toc"))
    except FileNotFoundError:
        # A rebuild took the folder away between the look for it and the look into it.
        return frozenset()


def segments_of(index: FileIndex) -> list[W3Segment]:
    """List the segments of the newest commit."""
    return list(TOC.read(index.storage, INDEX_NAME, schema=SCHEMA).segments)


def writer_of(index: FileIndex) -> SegmentWriter:
    """Start a commit that leaves the other segments alone; ``with`` ends it or takes it back."""
    # Compound segments would give each process a private copy of the index.
    writer = SegmentWriter(index, limitmb=1024, compound=False, codec=Codec())
    writer.merge = False
    return writer


def small_tail(segments: list[W3Segment]) -> list[W3Segment]:
    """Choose the segments to merge so that what stays more than doubles from one to the next."""
    ordered = sorted((segment for segment in segments if live_count(segment)), key=live_count)
    merged = total = 0
    for position, segment in enumerate(ordered, start=1):
        if live_count(segment) <= 2 * total:
            merged = position
        total += live_count(segment)
    return ordered[:merged]


def fold_tail(writer: SegmentWriter, segments: list[W3Segment]) -> list[W3Segment]:
    """Merge the small segments and drop those without documents.

    This is a Whoosh merge policy: it reads segments into the writer and gives back the others.
    """
    tail = small_tail(segments)
    for segment in tail:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if live_count(segment) and segment not in tail]


def live_count(segment: W3Segment) -> int:
    """Count the documents of a segment that were not deleted."""
    return int(segment.doc_count_all()) - int(segment.deleted_count())


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise SearchBusy(BUSY) from None
            time.sleep(0.05)
        else:
            return
