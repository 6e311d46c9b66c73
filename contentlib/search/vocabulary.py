"""The words of an index, to complete one that was begun and to mend one that was mistyped.

How far two words are apart is counted in slips: a letter too many, too few, wrong, or two swapped
(optimal string alignment). All words are compared at once, a letter of theirs at a time, so the
cost does not grow with the number of words in Python but in numpy: below a millisecond for a
hundred thousand words.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 24
"""Words of more bytes are neither completed nor mended."""

SHORTEST_MENDED = 4
"""Words of fewer letters are near to too many others."""

FAR = 99


class Vocabulary:
    """Folded words in the order of their bytes, and how many documents have one in title or tags.

    ``words`` has shape (words,) and ``heads`` the counts of those words. A list of as many Python
    strings would take ten times the memory.
    """

    def __init__(self, words: NDArray[np.bytes_], heads: NDArray[np.integer[Any]]) -> None:
        self.words = words
        self.heads = heads

    @classmethod
    def of(cls, words: Iterable[str], heads: Mapping[str, int]) -> "Vocabulary":
        """Put words in order; those in ``heads`` belong to them."""
        ordered = ordered_words({*words, *heads})
        counts = [heads.get(word.decode(), 0) for word in ordered.tolist()]
        return cls(ordered, np.array(counts, np.int32))

    def beginning(self, prefix: str, *, only_heads: bool = False) -> dict[str, int]:
        """Give all words with a beginning, and how many titles and tags have them."""
        found = self._between(prefix.encode(), prefix.encode() + b"\xff")
        words, heads = self.words[found], self.heads[found]
        if only_heads:
            words, heads = words[heads > 0], heads[heads > 0]
        return dict(zip(map(bytes.decode, words.tolist()), heads.tolist(), strict=True))

    def heads_with(self, word: str) -> int:
        """Count the documents that have a word in title or tags."""
        return int(self.heads[self._between(word.encode(), word.encode() + b"\x00\x01")].sum())

    def nearest(self, word: str, *, unfinished: bool = False) -> list[tuple[int, str]]:
        """Give (slips, word) of the words nearest to a mistyped one, within what is forgivable.

        One slip is forgiven in short words, two in words of six letters and more. An unfinished
        word is compared with the beginnings of words. People get the first letter right.
        """
        if not SHORTEST_MENDED <= len(word) <= LONGEST or not _plain(word):
            return []
        letter = word[0].encode()
        found = self._between(letter, letter + b"\xff")
        letters, lengths = self._letters
        apart = slips(word, letters[found], lengths[found], unfinished=unfinished)
        least = int(apart.min(initial=FAR))
        if least > (1 if len(word) < 6 else 2):
            return []
        return [(least, near.decode()) for near in self.words[found][apart == least].tolist()]

    def _between(self, first: bytes, beyond: bytes) -> slice:
        start, end = np.searchsorted(self.words, np.array([first, beyond]))
        return slice(int(start), int(end))

    @cached_property
    def _letters(self) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """The letters of the words, a row each, filled up with zeros; and how many they are.

        A word that nobody can have meant, since it is short or not of letters only, has none.
        """
        letters = self.words.view(np.uint8).reshape(len(self.words), LONGEST)
        lengths = np.count_nonzero(letters, axis=1)
        plain = ((letters >= ord("a")) & (letters <= ord("z"))).sum(axis=1) == lengths
        return letters, np.where(plain & (lengths >= SHORTEST_MENDED), lengths, 0)


def ordered_words(words: AbstractSet[str]) -> NDArray[np.bytes_]:
    """Put words in the order of their bytes, leaving out those that are too long."""
    spelled = (word.encode() for word in words)
    return np.array(sorted(by for by in spelled if len(by) <= LONGEST), f"S{LONGEST}")


def slips(
    word: str,
    letters: NDArray[np.uint8],
    lengths: NDArray[np.intp],
    *,
    unfinished: bool = False,
) -> NDArray[np.int8]:
    """Count the slips between a word and each row of letters; ``FAR`` where there are too many.

    ``letters`` has shape (words, LONGEST). For an unfinished word, the beginning of each row that
    comes nearest is meant, one letter longer at most.
    """
    typed = word.encode()
    size = len(typed)
    apart = np.full(len(letters), FAR, np.int8)
    near = np.flatnonzero(lengths >= size - 1 if unfinished else abs(lengths - size) <= 2)
    width = min(size + (1 if unfinished else 2), LONGEST)
    # Column j of a table row tells how far the letters typed so far are from j letters of a word.
    columns = np.ascontiguousarray(letters[near, :width].T)
    before: list[NDArray[np.int8]] = []
    row = [np.full(len(near), j, np.int8) for j in range(width + 1)]
    for i, letter in enumerate(typed, start=1):
        earlier, before, row = before, row, [np.full(len(near), i, np.int8)]
        for j in range(1, width + 1):
            same = columns[j - 1] == letter
            least = np.minimum(before[j] + 1, row[j - 1] + 1)
            least = np.minimum(least, before[j - 1] + ~same)
            if i > 1 and j > 1:
                swapped = (columns[j - 2] == letter) & (columns[j - 1] == typed[i - 2])
                least = np.where(swapped, np.minimum(least, earlier[j - 2] + 1), least)
            row.append(least.astype(np.int8))
    table = np.stack(row)
    if unfinished:
        apart[near] = table[size - 1 :].min(axis=0)
    else:
        apart[near] = table[lengths[near], np.arange(len(near))]
    return apart


def _plain(word: str) -> bool:
    return word.isascii() and word.isalpha()
