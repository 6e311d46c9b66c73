"""Writing and reading posting lists whole; one posting at a time is what makes Whoosh slow.

The files are Whoosh's own: the same terms, blocks and statistics, written by its own writers. Only
what a block holds is packed as numbers side by side, where Whoosh pickles a tuple of them.
"""

from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3FieldWriter, W3LeafMatcher, W3PostingsWriter

Lists = dict[bytes, tuple["array[int]", "array[float]"]]


class TermPool:
    """Collects postings by term while documents are added in order of their numbers.

    Whoosh's own pool keeps a tuple a posting and sorts them all.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Lists] = {}

    def take(self, field: str, document: int, weights: Mapping[str, float]) -> None:
        """Add the keys of one document with their weights."""
        lists = self.fields.setdefault(field, {})
        for key, weight in weights.items():
            self._add(lists, key.encode(), document, weight)

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add one posting, as Whoosh does when it merges segments and for its own fields."""
        field, term, document, weight, _ = item
        self._add(self.fields.setdefault(field, {}), term, document, weight)

    def iter_postings(self) -> "TermPool":
        """Give what our field writer takes whole."""
        return self

    def cleanup(self) -> None:
        """Leave nothing behind: there are no temporary files."""

    @staticmethod
    def _add(lists: Lists, term: bytes, document: int, weight: float) -> None:
        known = lists.get(term)
        if known is None:
            known = lists[term] = (array("I"), array("f"))
        known[0].append(document)
        known[1].append(weight)


class FieldWriter(W3FieldWriter):
    """Writes the terms of a pool in order, each with all its postings."""

    _postwriter: Any

    def add_postings(self, schema: Any, lengths: Any, items: TermPool) -> None:
        """Write everything that a pool has collected."""
        for name in sorted(items.fields):
            lists = items.fields[name]
            self.start_field(name, schema[name])
            for term in sorted(lists):
                self.start_term(term)
                self._postwriter.add_all(*lists[term])
                self.finish_term()
            self.finish_field()


class PostingsWriter(W3PostingsWriter):
    """Writes posting lists block by block."""

    _ids: Any
    _weights: Any

    def add_all(self, documents: "array[int]", weights: "array[float]") -> None:
        """Write the whole list of a term."""
        for start in range(0, len(documents), self._blocklimit):
            end = start + self._blocklimit
            self._ids, self._weights = documents[start:end], weights[start:end]
            self._maxweight = max(self._weights)
            self._write_block(last=end >= len(documents))

    def _mini_ids(self) -> bytes:
        return bytes(self._ids)

    def _mini_weights(self) -> bytes:
        return bytes(self._weights)


class BlockMatcher(W3LeafMatcher):
    """A posting list that can be read whole, and number by number by Whoosh itself."""

    _data: Any

    def read_all(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Give all document numbers and their weights, block by block."""
        documents: list[NDArray[np.int32]] = []
        weights: list[NDArray[np.float32]] = []
        while self.is_active():
            self._read_data()
            documents.append(np.frombuffer(self._data[0], np.int32))
            weights.append(np.frombuffer(self._data[1], np.float32))
            self._next_block()
        return np.concatenate(documents), np.concatenate(weights)

    def _read_ids(self) -> None:
        self._ids = tuple(self._unpacked(0, "I"))

    def _read_weights(self) -> None:
        self._weights = self._unpacked(1, "f")

    def _unpacked(self, part: int, kind: str) -> Iterable[Any]:
        if self._data is None:
            self._read_data()
        numbers = array(kind)
        numbers.frombytes(self._data[part])
        return numbers
