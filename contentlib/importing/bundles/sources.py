"""Where the files of a bundle are: in an archive, in a folder, or sent here one by one."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, Protocol

from contentlib.core.errors import N_
from contentlib.extraction.errors import UnacceptableFile
from contentlib.importing.bundles import paths
from contentlib.storage import Storage
from contentlib.storage.receive import Readable

GONE = N_("This file is no longer where it was when the import began.")
A_LINK = N_("This is a link to another file, not a file.")
_BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that a source has: its path, its size, where it is, what is wrong with its name."""

    path: str
    size: int
    place: str | None
    problem: str | None = None


class Source(Protocol):
    """What files are taken from, one at a time."""

    def entries(self) -> Iterator[Entry]:
        """Give every file there is."""
        ...

    def open(self, place: str) -> AbstractContextManager[Readable]:
        """Lend one file for reading, or say why it cannot be."""
        ...


class Folder:
    """The files below a folder of this machine; links are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def entries(self) -> Iterator[Entry]:
        """Walk over the folder, in the order of names, a file before its copies."""
        for folder, names, files in os.walk(self._root):
            names.sort()
            for name in sorted(files, key=lambda name: Path(name).stem):
                found = Path(folder, name)
                place = str(found.relative_to(self._root))
                path = paths.tidy(os.fsencode(place).decode("utf-8", "replace"))
                problem = A_LINK if found.is_symlink() else paths.what_is_wrong(path)
                yield Entry(path[: paths.LONGEST_PATH], found.lstat().st_size, place, problem)

    @contextmanager
    def open(self, place: str) -> Iterator[Readable]:
        """Open a file of the folder; nothing else, whatever a link says meanwhile."""
        try:
            descriptor = os.open(self._root / place, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as error:
            raise UnacceptableFile(GONE) from error
        with os.fdopen(descriptor, "rb") as stream:
            yield stream


class Sent:
    """Files that a browser sent one by one, each under a key of the store."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def entries(self) -> Iterator[Entry]:
        """Give nothing: the browser said what it would send before it did."""
        return iter(())

    @contextmanager
    def open(self, place: str) -> Iterator[Readable]:
        """Open what was sent."""
        with self._storage.open(place) as stream:
            yield stream


class StoredFile(RawIOBase):
    """An object of the store that can be sought in, reading only where somebody looks."""

    def __init__(self, storage: Storage, key: str, size: int) -> None:
        self._storage, self._key, self._size = storage, key, size
        self._place = 0
        self._stream: BinaryIO | None = None

    def readable(self) -> bool:
        """Say that this is for reading."""
        return True

    def seekable(self) -> bool:
        """Say that one may look anywhere."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """Move; the store is asked anew at the next reading."""
        place = offset + {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: self._size}[whence]
        if place != self._place:
            self._let_go()
        self._place = place
        return place

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._place

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer from where one stands."""
        if self._place >= self._size:
            return 0
        if self._stream is None:
            self._stream = self._storage.open(self._key, start=self._place)
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        self._place += len(block)
        return len(block)

    def close(self) -> None:
        """Close what is open underneath."""
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def stored_file(storage: Storage, key: str, size: int) -> BinaryIO:
    """Open an object of the store as a file to look around in."""
    return BufferedReader(StoredFile(storage, key, size), _BLOCK)
