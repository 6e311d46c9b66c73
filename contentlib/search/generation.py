"""An index at one moment: its segments put end to end, without the deleted documents."""

import bisect
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.search.facets import Column, Mask
from contentlib.search.segment import Postings, PostingsCache, Segment

MAX_EXPANSIONS = 64
"""Keys that an unfinished word stands for, at most; more would say nothing any more."""


class Generation:
    """All arrays a search needs, numbered through; immutable, so threads share it without locks."""

    def __init__(
        self,
        segments: Sequence[tuple[Segment, Iterable[int]]],
        cache: PostingsCache,
    ) -> None:
        self.segments = [segment for segment, _ in segments]
        self._cache = cache
        self._bases = [0]
        for segment in self.segments:
            self._bases.append(self._bases[-1] + segment.size)
        self.size = self._bases.pop()
        self.live: Mask = np.ones(self.size, np.bool_)
        for base, (_, deleted) in zip(self._bases, segments, strict=True):
            self.live[[base + number for number in deleted]] = False
        self.moments = _joined([segment.moments for segment in self.segments], np.float64)
        self._facets: dict[str, Column] = {}

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
                [
                    segment.facets.get(name) or Column.of([()] * segment.size)
                    for segment in self.segments
                ]
            )
            self._facets[name] = column
        return column

    def postings(self, field: str, keys: Iterable[str]) -> Postings:
        """Give where any of the keys occurs, adding up the weights."""
        weights = np.zeros(self.size, np.float32)
        for base, segment in zip(self._bases, self.segments, strict=True):
            for key in keys:
                found = self._cache.get(segment, field, key)
                if found is not None:
                    weights[base + found.documents] += found.weights
        documents = np.flatnonzero(weights).astype(np.int32)
        return Postings(documents, weights[documents])

    def keys_from(self, field: str, prefix: str) -> set[str]:
        """List keys of a field that begin with a prefix."""
        return {
            key
            for segment in self.segments
            for key in segment.keys_from(field, prefix, MAX_EXPANSIONS)
        }

    def rarity(self, occurrences: int) -> float:
        """Give the inverse document frequency as Whoosh counts it."""
        return math.log(self.size / (occurrences + 1)) + 1

    def text(self, number: int) -> str:
        """Give the words of a document in order."""
        segment, local = self._locate(number)
        return segment.text(local)

    def id(self, number: int) -> str:
        """Give the id of a document."""
        segment, local = self._locate(number)
        return segment.ids[local]

    def revisions(self) -> Iterator[tuple[str, int]]:
        """List id and revision of every document that is not deleted."""
        for base, segment in zip(self._bases, self.segments, strict=True):
            live = self.live[base : base + segment.size]
            for local in np.flatnonzero(live).tolist():
                yield segment.ids[local], segment.revisions[local]

    def _locate(self, number: int) -> tuple[Segment, int]:
        position = bisect.bisect_right(self._bases, number) - 1
        return self.segments[position], number - self._bases[position]


def _joined(arrays: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *arrays])
