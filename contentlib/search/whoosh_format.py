"""How an index is written with Whoosh: its fields, its blocks, and files that are really there."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3Segment
from whoosh.filedb.filestore import FileStorage

from contentlib.search import language
from contentlib.search.analysis import Analysed
from contentlib.search.engine import BROKEN, SearchError, SearchUnavailable

SCHEMA_VERSION = 2
VERSION = f"v{SCHEMA_VERSION}.{language.VERSION}"
"""Goes up with every change of what is stored; an index of another version is rebuilt."""


class Keys(fields.FieldType):
    """A field whose keys, counts and weights were worked out before Whoosh sees them."""

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(formats.Existence(), None, scorable=scorable)

    def index(self, value: Any, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Give key, frequency, weight and no positions for each key of a document."""
        for key, frequency, weight in value:
            yield key.encode(), frequency, weight, b""


# The combined field makes BM25F out of one posting list a word.
SCHEMA = fields.Schema(
    id=fields.ID(),
    all=Keys(scorable=True),
    title=Keys(scorable=False),
    record=fields.COLUMN(columns.VarBytesColumn()),
    text=fields.COLUMN(columns.VarBytesColumn()),
    heads=fields.COLUMN(columns.VarBytesColumn()),
    words=fields.COLUMN(columns.VarBytesColumn()),
)


def field_values(analysed: Analysed) -> dict[str, Any]:
    """Give the searchable fields of a document as ``Keys`` takes them."""
    weights = analysed.weights
    return {
        "all": [(key, count, weights[key]) for key, count in analysed.frequencies.items()],
        "title": [(key, count, float(count)) for key, count in analysed.title_keys.items()],
    }


class BlockMatcher(W3LeafMatcher):
    """A posting list that can be read whole; one number at a time is what makes Whoosh slow."""

    def read_all(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Give all document numbers and their weights, block by block."""
        documents: list[NDArray[np.int32]] = []
        weights: list[NDArray[np.float32]] = []
        while self.is_active():
            self._read_ids()
            self._read_weights()
            documents.append(np.array(self._ids, np.int32))
            weights.append(np.array(self._weights, np.float32))
            self._next_block()
        return np.concatenate(documents), np.concatenate(weights)


class Codec(W3Codec):
    """Large uncompressed blocks, and segment names that a seeded ``random`` cannot repeat."""

    # Whoosh would look up each posting's length to skip blocks, which we never do.
    length_stats = False

    def __init__(self) -> None:
        # No list is so short that it is kept elsewhere: every one is read the same way.
        super().__init__(blocklimit=1024, compression=0, inlinelimit=0)

    def new_segment(self, storage: FileStorage, indexname: str) -> W3Segment:
        """Name a new segment."""
        return W3Segment(self, indexname, segid=secrets.token_hex(8))

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> BlockMatcher:
        """Read a posting list, number by number for Whoosh and whole for us."""
        offset, length = terminfo.extent()
        return BlockMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)  # type: ignore[abstract]


class DurableStorage(FileStorage):
    """Files that are on the disk before the rename that makes them count; Whoosh never syncs."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._unsynced: set[str] = set()
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file for reading and remember it."""
        # No memory map: a file that somebody truncates would then take the process down.
        opened = super().open_file(name, **options)
        self._opened.append(opened)
        return opened

    def close_opened(self) -> None:
        """Close what was opened for reading; Whoosh forgets to when it stumbles over torn files."""
        for opened in self._opened:
            if not opened.is_closed:
                opened.close()

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:
        """Create a file and remember that it may not be on the disk yet."""
        self._unsynced.add(name)
        return super().create_file(name, excl=excl, mode=mode, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Bring everything new to the disk, then rename, then bring the name there."""
        for name in self._unsynced:
            if self.file_exists(name):
                sync(Path(self.folder, name))
        self._unsynced.clear()
        sync(Path(self.folder))
        super().rename_file(oldname, newname, safe=safe)
        sync(Path(self.folder))


class Damaged(SearchUnavailable):
    """The files in a folder do not say what Whoosh expects."""

    def __init__(self, folder: Path) -> None:
        super().__init__(BROKEN)
        self.folder = folder


@contextmanager
def damage_told(folder: Path) -> Iterator[None]:
    """Call by its name what torn files do: they make pickle and struct raise almost anything."""
    try:
        yield
    except SearchError:
        raise
    except OSError as error:
        # A full disk or too many open files is no damage; a place before the file's beginning is.
        if error.errno != errno.EINVAL:
            raise
        raise Damaged(folder) from error
    except Exception as error:
        raise Damaged(folder) from error


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
