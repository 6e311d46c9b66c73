"""A Whoosh segment as numpy arrays: read once, never changed, shared by all threads.

Whoosh reads a posting list number by number; here a list is read whole and kept. A test compares
the scores with those of Whoosh's own searcher.
"""

import json
import threading
import weakref
import zlib
from array import array
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.reading import TermNotFound

from contentlib.search.engine import Document
from contentlib.search.facets import Column, ColumnBuilder
from contentlib.search.generation import Postings, memory_of
from contentlib.search.kept import Kept
from contentlib.search.vocabulary import Vocabulary
from contentlib.search.whoosh.format import SCHEMA, Damaged, DurableStorage, damage_told


class PostingsCache:
    """The posting lists used last, within a bound of memory."""

    def __init__(self, limit: int = 48 * 2**20) -> None:
        self._lists: Kept[tuple[str, str, str], Postings | None] = Kept(limit, memory_of)

    def get(self, segment: "Segment", field: str, key: str) -> Postings | None:
        """Give the posting list of a key, reading it where it is not at hand."""
        return self._lists.get((segment.name, field, key), lambda: segment.postings(field, key))


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
        self._read_records()

    def _read_records(self) -> None:
        """Read what is kept of each document; one at a time, since all at once are large."""
        self.ids: list[str] = []
        self.revisions: list[int] = []
        moments, lengths = array("d"), array("f")
        access, facets = ColumnBuilder(), defaultdict[str, ColumnBuilder](ColumnBuilder)
        for number, packed in enumerate(self._column("record")):
            id_, revision, moment, labels, by_facet, length = json.loads(packed)
            self.ids.append(id_)
            self.revisions.append(revision)
            moments.append(moment)
            lengths.append(length)
            access.add(number, labels)
            for name, values in by_facet.items():
                facets[name].add(number, values)
        # While a rebuild takes the folder away, one column can be gone and the other still there.
        if not len(self.ids) == len(self._texts) == self.size:
            raise Damaged(self._folder)
        self.moments = np.array(moments, np.float64)
        self.lengths = np.array(lengths, np.float32)
        self.access = access.column(self.size)
        self.facets = {name: builder.column(self.size) for name, builder in facets.items()}

    @cached_property
    def no_labels(self) -> Column:
        """The column of a facet that no document here has."""
        return Column(np.zeros(self.size, np.int32), ((),))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each id; of an id that is here twice, the one that is not deleted."""
        return {id_: number for number, id_ in enumerate(self.ids)}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the segment, each as it was written when it first occurred in a commit."""
        with self._lock, damage_told(self._folder):
            words = set(b" ".join(self._column("words")).decode().split())
            heads = Counter(b" ".join(self._column("heads")).decode().split())
        return Vocabulary(sorted(words), heads)

    def postings(self, field: str, key: str) -> Postings | None:
        """Read where a key occurs; nothing where it does not."""
        with self._lock, damage_told(self._folder):
            try:
                matcher = self._terms.matcher(field, key.encode(), SCHEMA[field].format)
            except TermNotFound:
                return None
            return Postings(*matcher.read_all())

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
