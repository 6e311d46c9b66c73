"""Where the pages of a text end, by the pages of the picture that was made of it.

A text document has no pages until a program lays it out, and two programs end them at different
places. What is searched and what is shown has to be numbered alike, so the words that were read
out of the file are cut anew where the pages that people see end.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from contentlib.core.folding import fold

_WORD = re.compile(r"\w+")
# So many words in a row are the landmarks that both sides are compared by.
_ROW = 3
# A place is given up for a better one when so many landmarks speak against going on.
_PATIENCE = 40
# So many words are the end of a page, or its beginning.
_NEAR = 60
# Below this share of words with a landmark the two are not the same text.
_LEAST = 0.1


def repaginate(pages: Sequence[str], shown: Sequence[str]) -> list[str]:
    """Cut the text of `pages` into as many pages as `shown` has, where those end.

    `pages` are what was read, `shown` the words of the laid-out pages; both in order. No word is
    added, lost or moved. Where the two are not recognised as one text, `pages` comes back as it is.
    """
    text = "\n".join(pages)
    words = list(_WORD.finditer(text))
    landmarks = _landmarks([fold(word.group()) for word in words], shown)
    if not shown or len(landmarks) < _LEAST * len(words) or not words:
        return list(pages)
    cuts = [0]
    for page in range(1, len(shown)):
        earliest, latest = _gap(page, landmarks, words, text, cuts[-1])
        cuts.append(_cut(text, earliest, latest, shown[page - 1], shown[page]))
    cuts.append(len(text))
    return [text[begin:end].strip() for begin, end in pairwise(cuts)]


def _landmarks(words: Sequence[str], shown: Sequence[str]) -> list[tuple[int, int]]:
    """Return (index of a word, page) for each row of words that both sides have just once."""
    rows = [(row, page) for page, text in enumerate(shown, 1) for row in _rows(_folded(text))]
    often = Counter(row for row, _ in rows)
    page_of = {row: page for row, page in rows if often[row] == 1}
    here = Counter(_rows(words))
    return [
        (index, page_of[row])
        for index, row in enumerate(_rows(words))
        if here[row] == 1 and row in page_of
    ]


def _gap(
    page: int,
    landmarks: Sequence[tuple[int, int]],
    words: Sequence[re.Match[str]],
    text: str,
    begin: int,
) -> tuple[int, int]:
    """Return between which places a page ends: behind most landmarks of it, before most others."""
    last, following, score, best = -1, None, 0, 0
    first = bisect_left(landmarks, begin, key=lambda landmark: words[landmark[0]].start())
    for index, at in islice(landmarks, first, None):
        score += 1 if at <= page else -1
        if score > best:
            last, following, best = index, None, score
        elif following is None and at > page:
            following = index
        if score < best - _PATIENCE:
            break
    if last < 0:
        return begin, begin
    earliest = words[last + _ROW - 1].end()
    if following is None:
        return len(text), len(text)
    return earliest, max(words[following].start(), earliest)


def _cut(text: str, earliest: int, latest: int, page: str, following: str) -> int:
    """Choose the line of a gap, such as a heading, from which on the following page shows it."""
    end, head = set(_folded(page)[-_NEAR:]), set(_folded(following)[:_NEAR])
    line = text.find("\n", earliest, latest)
    while line >= 0:
        beyond = text.find("\n", line + 1, latest)
        here = set(_folded(text[line : beyond if beyond >= 0 else latest]))
        if beyond < 0 or (here and here <= head and not here <= end):
            return line
        line = beyond
    return latest


def _rows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[shift:] for shift in range(_ROW)), strict=False)


def _folded(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]
