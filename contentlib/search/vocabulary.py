"""The words of an index, to complete one that was begun and to mend one that was mistyped.

How far two words are apart is counted in slips: a letter too many, too few, wrong, or two swapped
(optimal string alignment). All words are compared at once, a letter of theirs at a time, so the
cost does not grow with the number of words in Python but in numpy: below a millisecond for a
hundred thousand words.
"""

import bisect
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LONGEST = 24
"""Longer words are neither completed nor mended."""

SHORTEST_MENDED = 4
"""Words of fewer letters are near to too many others."""

FAR = 99


class Vocabulary:
    """Folded words in order; ``heads`` counts how many documents have one in title or tags."""

    def __init__(self, words: Sequence[str], heads: Mapping[str, int]) -> None:
        self.words = words
        self.heads = heads

    def beginning(self, prefix: str, *, only_heads: bool = False) -> dict[str, int]:
        """Give all words with a beginning, and how many titles and tags have them."""
        found = {word: self.heads[word] for word in _beginning(self._heads_in_order, prefix)}
        return found if only_heads else dict.fromkeys(_beginning(self.words, prefix), 0) | found

    def nearest(self, word: str, *, unfinished: bool = False) -> list[tuple[int, str]]:
        """Give (slips, word) of the words nearest to a mistyped one, within what is forgivable.

        One slip is forgiven in short words, two in words of six letters and more. An unfinished
        word is compared with the beginnings of words. People get the first letter right.
        """
        if not SHORTEST_MENDED <= len(word) <= LONGEST or not word.isalpha():
            return []
        start, end = self._between(word[0])
        if start == end:
            return []
        letters, lengths = self._letters
        apart = slips(word, letters[start:end], lengths[start:end], unfinished=unfinished)
        least = int(apart.min())
        if least > (1 if len(word) < 6 else 2):
            return []
        return [
            (least, self._known[start + place]) for place in np.flatnonzero(apart == least).tolist()
        ]

    def _between(self, letter: str) -> tuple[int, int]:
        known = self._known
        return bisect.bisect_left(known, letter), bisect.bisect_left(known, chr(ord(letter) + 1))

    @cached_property
    def _heads_in_order(self) -> list[str]:
        return sorted(self.heads)

    @cached_property
    def _known(self) -> list[str]:
        """The words that may be meant: letters only, and not too long."""
        everything = sorted({*self.words, *self.heads})
        return [
            word for word in everything if SHORTEST_MENDED <= len(word) <= LONGEST and _plain(word)
        ]

    @cached_property
    def _letters(self) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """The letters of those words, a row each, filled up with zeros; and their lengths."""
        spelled = np.array([word.encode() for word in self._known], f"S{LONGEST}")
        letters = spelled.view(np.uint8).reshape(len(self._known), LONGEST)
        return letters, np.count_nonzero(letters, axis=1)


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


def _beginning(words: Sequence[str], prefix: str) -> list[str]:
    start = bisect.bisect_left(words, prefix)
    end = bisect.bisect_left(words, prefix + "\U0010ffff", start)
    return list(words[start:end])


def _plain(word: str) -> bool:
    return word.isascii() and word.isalpha()
