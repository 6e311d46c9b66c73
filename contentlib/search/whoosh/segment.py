"""A Whoosh segment as numpy arrays: read once, never changed, shared by all threads.

Whoosh reads a posting list number by number; here it is read whole, which takes so little time that
only scores are kept. A test compares them with those of Whoosh's own searcher.
"""

import threading
import weakref
import zlib
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Segment

from contentlib.search.facets import Column
from contentlib.search.generation import Postings
from contentlib.search.vocabulary import Vocabulary
from contentlib.search.whoosh.format import SCHEMA, Damaged, DurableStorage, damage_told


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
        self._texts, self._words = self._column("text"), self._column("words")
        records = self._column("record")
        # While a rebuild takes the folder away, one column can be gone and the other still there.
        if not len(records.ids) == len(self._texts) == self.size:
            raise Damaged(folder)
        self.ids: NDArray[np.bytes_] = records.ids
        self.revisions: NDArray[np.int64] = records.revisions
        self.moments: NDArray[np.float64] = records.moments
        self.lengths: NDArray[np.float32] = records.lengths
        self.access: Column = records.access
        self.facets: dict[str, Column] = records.facets

    @cached_property
    def no_labels(self) -> Column:
        """The column of a facet that no document here has."""
        return Column(np.zeros(self.size, np.int32), ((),))

    def number(self, id_: str) -> int | None:
        """Give the number of an id, if it is here."""
        order, wanted = self._by_id, id_.encode()
        place = int(np.searchsorted(self.ids, wanted, sorter=order))
        number = int(order[place]) if place < self.size else None
        return number if number is not None and self.ids[number] == wanted else None

    @cached_property
    def _by_id(self) -> NDArray[np.intp]:
        return np.argsort(self.ids)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the segment."""
        with self._lock, damage_told(self._folder):
            vocabulary: Vocabulary = self._words.vocabulary()
        return vocabulary

    def postings(self, field: str, key: str) -> Postings | None:
        """Read where a key occurs; nothing where it does not."""
        with self._lock, damage_told(self._folder):
            found = self._terms.read_all(field, key.encode(), self.size)
        return Postings(*found) if found is not None else None

    def text(self, document: int) -> str:
        """Give all words of a document in order, to check phrases against."""
        with self._lock, damage_told(self._folder):
            return zlib.decompress(self._texts[document]).decode()

    def _column(self, name: str) -> Any:
        return self._columns.column_reader(name, SCHEMA[name].column_type)


def pack_text(text: str) -> bytes:
    """Write the words of a document in order."""
    return zlib.compress(text.encode(), 1)
