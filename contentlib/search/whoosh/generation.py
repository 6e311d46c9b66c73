"""The segments of a Whoosh index put end to end."""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.search.facets import Column, Mask
from contentlib.search.generation import Generation, Postings, memory_of, new_views, united
from contentlib.search.kept import Kept
from contentlib.search.whoosh.segment import Segment

KEPT_BYTES = 32 * 2**20


class Segments(Generation):
    """All arrays a search needs, numbered through; immutable, so threads share it without locks."""

    def __init__(self, segments: Sequence[tuple[Segment, Iterable[int]]]) -> None:
        self.segments = [segment for segment, _ in segments]
        self._bases = [0]
        for segment in self.segments:
            self._bases.append(self._bases[-1] + segment.size)
        self.size = self._bases.pop()
        self.live: Mask = np.ones(self.size, np.bool_)
        for base, (_, deleted) in zip(self._bases, segments, strict=True):
            self.live[[base + number for number in deleted]] = False
        self.moments = _joined([segment.moments for segment in self.segments], np.float64)
        self._facets: dict[str, Column] = {}
        self.views = new_views()
        self.kept: Kept[Any, Any] = Kept(KEPT_BYTES, memory_of)

    @cached_property
    def relative_lengths(self) -> NDArray[np.float32]:
        """How long each document is in words, 1 being the average."""
        lengths = _joined([segment.lengths for segment in self.segments], np.float32)
        average = lengths.mean(dtype=np.float64) if self.size else 1.0
        return (lengths / (average or 1.0)).astype(np.float32)

    @cached_property
    def access(self) -> Column:
        """Who may find what."""
        return Column.joined([segment.access for segment in self.segments])

    def facet(self, name: str) -> Column:
        """Give a facet's labels; documents without that facet carry none."""
        column = self._facets.get(name)
        if column is None:
            column = Column.joined(
                [segment.facets.get(name) or segment.no_labels for segment in self.segments]
            )
            self._facets[name] = column
        return column

    def postings(self, field: str, keys: Iterable[str]) -> Postings:
        """Give where any of the keys occurs, adding up the weights."""
        lists = [
            (base, found)
            for key in keys
            for base, segment in zip(self._bases, self.segments, strict=True)
            if (found := segment.postings(field, key)) is not None
        ]
        documents = _joined([base + found.documents for base, found in lists], np.intp)
        weights = _joined([found.weights for _, found in lists], np.float32)
        return (
            Postings(documents, weights)
            if _rising(documents)
            else united(documents, weights, self.size)
        )

    def completions(self, prefix: str, most: int, *, only_heads: bool = False) -> list[str]:
        """Give words that begin with a prefix: first what many titles and tags have."""
        counts: dict[str, int] = {}
        for segment in self.segments:
            found = segment.vocabulary.beginning(prefix, only_heads=only_heads)
            for word, count in found.items():
                counts[word] = counts.get(word, 0) + count
        return sorted(counts, key=lambda word: (-counts[word], len(word), word))[:most]

    def nearest(self, word: str, *, unfinished: bool) -> list[str]:
        """Give the words that a mistyped one may have been meant to be."""
        found = {
            near
            for segment in self.segments
            for near in segment.vocabulary.nearest(word, unfinished=unfinished)
        }
        least = min((apart for apart, _ in found), default=0)
        return sorted(near for apart, near in found if apart == least)

    def heads_with(self, word: str) -> int:
        """Count the titles and tags that have a word."""
        return sum(segment.vocabulary.heads_with(word) for segment in self.segments)

    def text(self, number: int) -> str:
        """Give the words of a document in order."""
        segment, local = self._locate(number)
        return segment.text(local)

    def containing(self, text: str, numbers: Sequence[int]) -> list[int]:
        """List which of these documents have a text among their words."""
        return [number for number in numbers if text in self.text(number)]

    def id(self, number: int) -> str:
        """Give the id of a document."""
        segment, local = self._locate(number)
        return str(segment.ids[local].decode())

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Give the numbers of those of the ids that are here, in their order."""
        pairs = list(zip(self._bases, self.segments, strict=True))
        return [
            base + number
            for id_ in ids
            for base, segment in pairs
            if (number := segment.number(id_)) is not None and self.live[base + number]
        ]

    def revisions(self) -> Iterator[tuple[str, int]]:
        """List id and revision of every document that is not deleted."""
        for base, segment in zip(self._bases, self.segments, strict=True):
            live = self.live[base : base + segment.size]
            ids, revisions = segment.ids[live].tolist(), segment.revisions[live].tolist()
            yield from zip(map(bytes.decode, ids), revisions, strict=True)

    def _locate(self, number: int) -> tuple[Segment, int]:
        position = bisect.bisect_right(self._bases, number) - 1
        return self.segments[position], number - self._bases[position]


def _rising(documents: NDArray[np.intp]) -> bool:
    return bool((documents[1:] > documents[:-1]).all())


def _joined(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *arrays])
