"""What the kernel asks of an index at one moment, wherever that index is kept."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contentlib.search.facets import Column, Mask
from contentlib.search.kept import Kept

MANY = 32
"""With so many documents a posting and more, sorting the postings is cheaper than counting."""

VIEWS = 64
"""Sets of people with the same rights, for which the mask of what they may see is kept."""


@dataclass(frozen=True, slots=True)
class Postings:
    """In which documents a key occurs, by rising numbers, and with what weight."""

    documents: NDArray[np.integer[Any]]
    weights: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        """Count the memory of both arrays."""
        return self.documents.nbytes + self.weights.nbytes


class Generation(ABC):
    """All documents by number, those deleted included; nothing here ever changes.

    ``live`` marks those that are not deleted, ``moments`` has their seconds. What others work out
    from a generation they keep in ``kept``, and who may see what in ``views``.
    """

    is_at_hand = True
    """Whether a word is read in a fraction of a millisecond, so that many more can be looked up."""

    size: int
    live: Mask
    moments: NDArray[np.float64]
    kept: Kept[Any, Any]
    views: Kept[frozenset[str], Mask]

    @property
    @abstractmethod
    def relative_lengths(self) -> NDArray[np.float32]:
        """How long each document is in words, 1 being the average."""

    @property
    @abstractmethod
    def access(self) -> Column:
        """Who may find what."""

    @abstractmethod
    def facet(self, name: str) -> Column:
        """Give a facet's labels; documents without that facet carry none."""

    @abstractmethod
    def postings(self, field: str, keys: Iterable[str]) -> Postings:
        """Give where any of the keys occurs, adding up the weights."""

    @abstractmethod
    def completions(self, prefix: str, most: int, *, only_heads: bool = False) -> list[str]:
        """Give words that begin with a prefix: first what many titles and tags have."""

    @abstractmethod
    def nearest(self, word: str, *, unfinished: bool) -> list[str]:
        """Give the words that a mistyped one may have been meant to be."""

    @abstractmethod
    def heads_with(self, word: str) -> int:
        """Count the titles and tags that have a word which was just found to be near."""

    @abstractmethod
    def text(self, number: int) -> str:
        """Give the words of a document in order, as ``analysis.analyse`` joined them."""

    @abstractmethod
    def containing(self, text: str, numbers: Sequence[int]) -> list[int]:
        """List which of these documents have a text among their words."""

    @abstractmethod
    def id(self, number: int) -> str:
        """Give the id of a document."""

    @abstractmethod
    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Give the numbers of those of the ids that are here, in their order."""

    @abstractmethod
    def revisions(self) -> Iterator[tuple[str, int]]:
        """List id and revision of every document that is not deleted."""

    def visible(self, access: frozenset[str], withheld: Iterable[str]) -> Mask:
        """Mark the documents that exist for somebody who carries these labels."""
        mask = self.views.get(access, lambda: self.live & self.access.having_any(access))
        hidden = self.numbers(withheld)
        if hidden:
            mask = mask.copy()
            mask[hidden] = False
        return mask

    def rarity(self, occurrences: int) -> float:
        """Give the inverse document frequency as Whoosh counts it."""
        return math.log(max(self.size, 1) / (occurrences + 1)) + 1

    def opening(self, number: int, most: int) -> tuple[str, str, str]:
        """Give the words of a document's title and tags, and the first ones of its text."""
        title, _, rest = self.text(number)[1:].partition("  ")
        tags, _, body = rest.partition("  ")
        return title, tags, " ".join(body.split(" ", most)[:most])


def memory_of(value: Any) -> int:
    """Count the bytes of something kept: an array, or something made of arrays."""
    return 200 + int(getattr(value, "nbytes", 0))


def new_views() -> Kept[frozenset[str], Mask]:
    """Give room for the masks of people with different rights."""
    return Kept(VIEWS, lambda _: 1)


def united(documents: NDArray[np.intp], weights: NDArray[np.float32], size: int) -> Postings:
    """Put postings in order, adding up the weights of documents that occur more than once.

    There are ``size`` documents in all: many postings are counted into a place each, few sorted.
    """
    if not len(documents):
        return Postings(documents, weights)
    if len(documents) * MANY > size:
        sums = np.bincount(documents, weights, size)
        held = np.flatnonzero(sums)
        return Postings(held, sums[held].astype(np.float32))
    order = np.argsort(documents, kind="stable")
    ordered = documents[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    return Postings(ordered[first], np.add.reduceat(weights[order], first))
