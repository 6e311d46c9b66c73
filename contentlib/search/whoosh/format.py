"""How an index is written with Whoosh: its fields, its blocks, and files that are really there."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage

from contentlib.search import language
from contentlib.search.engine import BROKEN, SearchError, SearchUnavailable
from contentlib.search.whoosh.columns import RecordColumn, WordsColumn
from contentlib.search.whoosh.postings import FieldWriter, ListMatcher, TermsReader

SCHEMA_VERSION = 3
VERSION = f"v{SCHEMA_VERSION}.{language.VERSION}"
"""Goes up with every change of what is stored; an index of another version is rebuilt."""


class Keys(fields.FieldType):
    """A field whose keys and weights are worked out beforehand and go straight to the pool."""

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(formats.Existence(), None, scorable=scorable)


# The combined field makes BM25F out of one posting list a word.
SCHEMA = fields.Schema(
    id=fields.ID(),
    all=Keys(scorable=True),
    title=Keys(scorable=False),
    record=fields.COLUMN(RecordColumn()),
    text=fields.COLUMN(columns.VarBytesColumn()),
    words=fields.COLUMN(WordsColumn()),
)


class Codec(W3Codec):
    """Whoosh's own format, its lists written whole and its segments named by chance.

    A seeded ``random`` would repeat the names that Whoosh gives.
    """

    # Whoosh would look up each posting's length to skip blocks, which we never do.
    length_stats = False

    def new_segment(self, storage: FileStorage, indexname: str) -> W3Segment:
        """Name a new segment."""
        return W3Segment(self, indexname, segid=secrets.token_hex(8))

    def field_writer(self, storage: FileStorage, segment: W3Segment) -> FieldWriter:
        """Write the terms of a pool."""
        return FieldWriter(self, storage, segment)

    def terms_reader(self, storage: FileStorage, segment: W3Segment) -> TermsReader:
        """Read the terms of a segment."""
        name = segment.make_filename(self.TERMS_EXT)
        lists = segment.open_file(storage, self.POSTS_EXT)
        return TermsReader(self, storage.open_file(name), storage.file_length(name), lists)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> ListMatcher:
        """Read a posting list number by number, as Whoosh does."""
        offset, length = terminfo.extent()
        return ListMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)  # type: ignore[abstract]


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
