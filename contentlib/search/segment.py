"""A Whoosh segment as numpy arrays: read once, never changed, shared by all threads.

Whoosh reads a posting list number by number; here a list is read whole and kept. A test compares
the scores with those of Whoosh's own searcher.
"""

import json
import threading
import weakref
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Segment
from whoosh.reading import TermNotFound

from contentlib.search.engine import Document
from contentlib.search.facets import Column
from contentlib.search.whoosh_format import SCHEMA, Damaged, DurableStorage, damage_told


@dataclass(frozen=True, slots=True)
class Postings:
    """In which documents a key occurs, and with what weight."""

    documents: NDArray[np.int32]
    weights: NDArray[np.float32]

    @property
    def bytes(self) -> int:
        """Count the memory of both arrays."""
        return self.documents.nbytes + self.weights.nbytes


class PostingsCache:
    """The posting lists used last, within a bound of memory."""

    def __init__(self, limit: int = 64 * 2**20) -> None:
        self._limit = limit
        self._size = 0
        self._lists: OrderedDict[tuple[str, str, str], Postings | None] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, segment: "Segment", field: str, key: str) -> Postings | None:
        """Give the posting list of a key, reading it where it is not at hand."""
        name = (segment.name, field, key)
        with self._lock:
            if name in self._lists:
                self._lists.move_to_end(name)
                return self._lists[name]
        postings = segment.postings(field, key)
        with self._lock:
            if name not in self._lists:
                self._lists[name] = postings
                self._size += _cost(postings)
            while self._size > self._limit:
                _, dropped = self._lists.popitem(last=False)
                self._size -= _cost(dropped)
        return postings


class Segment:
    """The documents of one commit, deleted ones included."""

    def __init__(self, folder: Path, segment: W3Segment) -> None:
        storage = DurableStorage(str(folder))
        # Nobody can tell when the last search in an old generation ends, except the collector.
        weakref.finalize(self, storage.close_opened)
        codec = segment.codec()
        self.name: str = segment.segment_id()
        self.size: int = segment.doc_count_all()
        self._folder = folder
        self._lock = threading.Lock()  # Whoosh seeks and reads in two steps.
        self._terms = codec.terms_reader(storage, segment)
        self._columns = codec.per_document_reader(storage, segment)
        self._texts = self._column("text")
        records = [json.loads(record) for record in self._column("record")]
        # While a rebuild takes the folder away, one column can be gone and the other still there.
        if not len(records) == len(self._texts) == self.size:
            raise Damaged(folder)
        self.ids: list[str] = [record[0] for record in records]
        self.revisions: list[int] = [record[1] for record in records]
        self.moments = np.array([record[2] for record in records], np.float64)
        self.lengths = np.array([record[5] for record in records], np.float32)
        self.access = Column.of([record[3] for record in records])
        self.facets = _facet_columns([record[4] for record in records])

    def postings(self, field: str, key: str) -> Postings | None:
        """Read where a key occurs; nothing where it does not."""
        with self._lock, damage_told(self._folder):
            try:
                matcher = self._terms.matcher(field, key.encode(), SCHEMA[field].format)
            except TermNotFound:
                return None
            return Postings(*matcher.read_all())

    def keys_from(self, field: str, prefix: str, limit: int) -> list[str]:
        """List the keys of a field that begin with a prefix, in order."""
        start = prefix.encode()
        found: list[str] = []
        with self._lock, damage_told(self._folder):
            for name, key in self._terms.terms_from(field, start):
                if name != field or not key.startswith(start) or len(found) == limit:
                    break
                found.append(key.decode())
        return found

    def text(self, document: int) -> str:
        """Give all words of a document in order, to check phrases against."""
        with self._lock, damage_told(self._folder):
            return zlib.decompress(self._texts[document]).decode()

    def _column(self, name: str) -> Any:
        if not self._columns.has_column(name):
            return []  # Whoosh writes no column for a segment without documents.
        return self._columns.column_reader(name, SCHEMA[name].column_type)


def pack_record(document: Document, length: int) -> bytes:
    """Write what a segment keeps about a document besides its words.

    Whoosh keeps lengths in one byte, which would cost scores up to three percent.
    """
    facets = {name: list(labels) for name, labels in document.facets.items()}
    record = [
        document.id,
        document.revision,
        document.moment,
        list(document.access),
        facets,
        length,
    ]
    return json.dumps(record, separators=(",", ":")).encode()


def pack_text(text: str) -> bytes:
    """Write the words of a document in order."""
    return zlib.compress(text.encode(), 1)


def _facet_columns(rows: list[dict[str, list[str]]]) -> dict[str, Column]:
    names = {name for row in rows for name in row}
    return {name: Column.of([row.get(name, ()) for row in rows]) for name in names}


def _cost(postings: Postings | None) -> int:
    return 200 + (postings.bytes if postings else 0)  # The entry itself weighs something too.
