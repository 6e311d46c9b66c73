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

from contentlib.search.engine import BROKEN, BUSY, NO_INDEX, NoIndex, SearchBusy, SearchUnavailable
from contentlib.search.whoosh.format import SCHEMA, VERSION, DurableStorage, sync

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
