"""Writing and reading posting lists whole; one posting at a time is what makes Whoosh slow.

The files are Whoosh's own: its term dictionary with its statistics, and posting lists that its own
matchers read too. Only, a list is one block, and that block is numbers side by side where Whoosh
pickles a tuple of them.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pickle import dumps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import (
    WHOOSH3_HEADER_MAGIC,
    W3FieldWriter,
    W3LeafMatcher,
    W3TermInfo,
    W3TermsReader,
)
from whoosh.reading import TermNotFound

GONE = -1
"""The number of a document that was deleted."""

_NUMBER = 4
"""Bytes of a document's number, and of a weight."""

_NO_LENGTH = 0
_UNCOMPRESSED = 0


class List(NamedTuple):
    """Where a term occurs, by rising numbers, with what is told of the list as a whole."""

    term: bytes
    documents: NDArray[np.integer[Any]]
    weights: NDArray[np.float32]
    total: float
    heaviest: float


class TermPool:
    """The postings of a commit: of documents that were analysed, or of segments to be merged.

    Whoosh's own pool keeps a tuple a posting and sorts them all in Python.
    """

    def __init__(self) -> None:
        self._fields: dict[str, _Field] = defaultdict(_Field)
        self._segments: list[tuple[TermsReader, NDArray[np.int64]]] = []

    def take(self, field: str, document: int, weights: Mapping[str, float]) -> None:
        """Add the keys of one document with their weights."""
        self._fields[field].add(document, weights)

    def absorb(self, terms: "TermsReader", numbers: NDArray[np.int64]) -> None:
        """Add the lists of a segment, whose documents get other numbers, or are ``GONE``."""
        self._segments.append((terms, numbers))

    def iter_postings(self) -> Iterator[tuple[str, Iterator[List]]]:
        """Give the fields in order, each with its lists in the order of their terms."""
        names = {name for terms, _ in self._segments for name in terms.indexed_field_names()}
        for name in sorted(names | self._fields.keys()):
            sources = [_renumbered(terms.lists(name), new) for terms, new in self._segments]
            yield name, _merged([*sources, self._fields[name].lists()])

    def cleanup(self) -> None:
        """Close what was absorbed."""
        for terms, _ in self._segments:
            terms.close()


class _Field:
    """The postings of a field in the order in which they came."""

    def __init__(self) -> None:
        self._places = _Places()
        self._terms = array("I")
        self._weights = array("f")
        self._documents = array("I")
        self._sizes = array("I")

    def add(self, document: int, weights: Mapping[str, float]) -> None:
        """Add the keys of a document; documents come in order."""
        self._terms.extend(map(self._places.__getitem__, weights))
        self._weights.extend(weights.values())
        self._documents.append(document)
        self._sizes.append(len(weights))

    def lists(self) -> Iterator[List]:
        """Give the posting list of each term, in the order of the terms' bytes."""
        if not self._places:
            return
        terms = np.frombuffer(self._terms, np.uint32)
        order = np.argsort(terms, kind="stable")
        of_each = np.repeat(
            np.frombuffer(self._documents, np.uint32), np.frombuffer(self._sizes, np.uint32)
        )
        documents, weights = of_each[order], np.frombuffer(self._weights, np.float32)[order]
        ends = np.cumsum(np.bincount(terms, minlength=len(self._places)))
        starts = np.r_[0, ends[:-1]]
        totals = np.add.reduceat(weights, starts).tolist()
        heaviest = np.maximum.reduceat(weights, starts).tolist()
        for name, place in sorted((name.encode(), at) for name, at in self._places.items()):
            span = slice(starts[place], ends[place])
            yield List(name, documents[span], weights[span], totals[place], heaviest[place])


class _Places(dict[str, int]):
    """Terms by number, in the order in which they were first met."""

    def __missing__(self, term: str) -> int:
        place = self[term] = len(self)
        return place


def _renumbered(lists: Iterable[List], numbers: NDArray[np.int64]) -> Iterator[List]:
    """Give lists with the new numbers of their documents, without those that are gone."""
    for found in lists:
        documents = numbers[found.documents]
        if documents.min() > GONE:
            yield found._replace(documents=documents)
            continue
        kept = documents > GONE
        if kept.any():
            weights = found.weights[kept]
            total, heaviest = float(weights.sum()), float(weights.max())
            yield List(found.term, documents[kept], weights, total, heaviest)


def _merged(sources: Sequence[Iterator[List]]) -> Iterator[List]:
    """Put the lists of each term end to end; each source's documents come after those before."""
    for term, found in groupby(merge(*sources, key=itemgetter(0)), key=itemgetter(0)):
        first, *others = found
        if others:
            _, documents, weights, totals, heaviest = zip(first, *others, strict=True)
            yield List(
                term, np.concatenate(documents), np.concatenate(weights), sum(totals), max(heaviest)
            )
        else:
            yield first


class FieldWriter(W3FieldWriter):
    """Writes the terms of a pool in order, each with all its postings."""

    _postfile: Any
    _tindex: Any
    _fieldid: Any

    def add_postings(
        self, schema: Any, lengths: Any, items: Iterable[tuple[str, Iterable[List]]]
    ) -> None:
        """Write everything that a pool has collected."""
        for name, lists in items:
            self.start_field(name, schema[name])
            for found in lists:
                self._write(found)
            self.finish_field()

    def _write(self, found: List) -> None:
        count, first, last = len(found.documents), found.documents[0], found.documents[-1]
        block = (count, int(last), found.heaviest, _UNCOMPRESSED, _NO_LENGTH, _NO_LENGTH)
        facts = dumps(block, 2)
        numbers = found.documents.astype(np.uint32).tobytes() + found.weights.tobytes()
        start = self._postfile.tell()
        self._postfile.write(WHOOSH3_HEADER_MAGIC)
        self._postfile.write_int(-len(facts) - len(numbers))  # Below zero: it is the last block.
        self._postfile.write(facts + numbers)
        about = W3TermInfo(found.total, count, None, 0, found.heaviest, int(first), int(last))
        about.set_extent(start, self._postfile.tell() - start)
        self._tindex.add(self._fieldid.to_bytes(2) + found.term, about.to_bytes())


class TermsReader(W3TermsReader):
    """Finds terms and reads their lists whole."""

    _postfile: Any
    _tindex: Any
    _fieldmap: Mapping[str, int]

    def read_all(
        self, field: str, term: bytes, size: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]] | None:
        """Give where a term occurs, by numbers below ``size``, and the weights, if it is here.

        Raises ``ValueError`` where the file holds something else.
        """
        try:
            about = self.term_info(field, term)
        except TermNotFound:
            return None
        documents, weights = self._list(about)
        if not 0 <= documents[0] <= documents[-1] == documents.max() == about.max_id() < size:
            raise ValueError(term)
        return documents, weights

    def lists(self, field: str) -> Iterator[List]:
        """Give the lists of all terms of a field, in the order of their bytes."""
        if field not in self._fieldmap:
            return
        prefix = self._fieldmap[field].to_bytes(2)
        for key, value in self._tindex.items_from(prefix):
            if not key.startswith(prefix):
                return
            about = W3TermInfo.from_bytes(value)
            yield List(key[2:], *self._list(about), about.weight(), about.max_weight())

    def _list(self, about: W3TermInfo) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        offset, (length,) = about.extent()  # Whoosh forgets to unpack the second.
        half = about.doc_frequency() * _NUMBER
        numbers = self._postfile.get(offset + length - 2 * half, 2 * half)
        documents = np.frombuffer(numbers, np.int32, count=half // _NUMBER)
        return documents, np.frombuffer(numbers, np.float32, offset=half)


class ListMatcher(W3LeafMatcher):
    """Gives Whoosh a posting list number by number."""

    _data: Any

    def _read_data(self) -> None:
        numbers = self._postfile.get(self._dataoffset, self._nextoffset - self._dataoffset)
        half = len(numbers) // 2
        self._data = numbers[:half], numbers[half:], None

    def _read_ids(self) -> None:
        self._ids = tuple(self._unpacked(0, "I"))

    def _read_weights(self) -> None:
        self._weights = self._unpacked(1, "f")

    def _unpacked(self, part: int, kind: str) -> Sequence[Any]:
        if self._data is None:
            self._read_data()
        numbers = array(kind)
        numbers.frombytes(self._data[part])
        return numbers
