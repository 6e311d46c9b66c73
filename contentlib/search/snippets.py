"""Show why a document was found: the passage with most of the words asked for, marked.

Text is escaped piece by piece and only then marked; what comes out is safe HTML.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import zip_longest

from markupsafe import Markup, escape

from contentlib.search.engine import Highlight, Page
from contentlib.search.marking import Found, find

WIDTH = 240
MAX_TEXT = 200_000
"""Characters of a document that are looked through; a snippet is a help, not a proof."""

FURTHEST_CUT = 30
"""Characters a cut may move by, to be between two words."""

# Controls, and the marks by which text could turn around the page that shows it.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+|\\s{2,}|[^\\S ]"
)


_OPEN, _CLOSE = Markup("<mark>"), Markup("</mark>")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage as safe HTML, and the page it stands on; 0 where the text has no pages."""

    page: int
    html: Markup


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of a text, and how much it says."""

    start: int = 0
    end: int = 0
    score: tuple[int, int, int] = (0, 0, 0)

    @property
    def length(self) -> int:
        return self.end - self.start


def best_snippet(
    pages: Sequence[Page], highlight: Highlight, tongue: str, *, width: int = WIDTH
) -> Snippet:
    """Give the passage with the most different words asked for, or the beginning of the text."""
    best: tuple[Page, list[Found], _Window] = (Page(0, ""), [], _Window())
    answered = lru_cache(partial(_answered, highlight))
    for page in _bounded(pages):
        found = find(page.text, highlight, tongue)
        window = _densest(found, answered, width)
        if window.score > best[2].score:
            best = (page, found, window)
    if not best[1]:
        first = next((page for page in pages if page.text.strip()), best[0])
        best = (first, [], best[2])
    return Snippet(best[0].number, _passage(best[0].text, best[1], best[2], width))


def mark(text: str, highlight: Highlight, tongue: str) -> Markup:
    """Mark the words asked for in a whole short text, such as a title."""
    return _marked(text, find(text, highlight, tongue), 0, len(text))


def _bounded(pages: Iterable[Page]) -> Iterable[Page]:
    left = MAX_TEXT
    for page in pages:
        if left <= 0:
            return
        yield page if len(page.text) <= left else Page(page.number, page.text[:left])
        left -= len(page.text)


def _densest(
    found: Sequence[Found], answered: Callable[[frozenset[str]], tuple[int, int]], width: int
) -> _Window:
    """Give the stretch that says most and is short enough to be shown.

    That is the one with most of the words asked for, be it by others that mean the same; then the
    one that has most of them as they were asked for, then the one with most places to mark.
    """
    best = _Window()
    first = 0
    inside: Counter[str] = Counter()
    for last, hit in enumerate(found):
        inside.update(hit.names)
        while hit.end - found[first].start > width and first < last:
            inside.subtract(found[first].names)
            inside = +inside
            first += 1
        score = (*answered(frozenset(inside)), last - first + 1)
        if score > best.score:
            best = _Window(found[first].start, hit.end, score)
    return best


def _answered(highlight: Highlight, inside: frozenset[str]) -> tuple[int, int]:
    own = [not word.isdisjoint(inside) for word in highlight.words]
    meant = [not others.isdisjoint(inside) for others in highlight.others]
    return sum(has or else_ for has, else_ in zip_longest(own, meant, fillvalue=False)), sum(own)


def _passage(text: str, found: Sequence[Found], window: _Window, width: int) -> Markup:
    """Cut a passage at words, a little before its window, with dots where text was left out."""
    begin = max(0, window.start - min(width // 4, max(0, width - window.length) // 2))
    end = min(len(text), begin + width)
    begin = max(0, min(begin, end - width))
    begin = _next_word(text, begin, window.start) if begin else 0
    end = _last_word(text, end, window.end) if end < len(text) else end
    inside = [hit for hit in found if begin <= hit.start and hit.end <= end]
    body = _marked(text, inside, begin, end)
    before = "… " if text[:begin].strip() else ""
    after = " …" if text[end:].strip() else ""
    return Markup("").join((before, body, after))


def _next_word(text: str, position: int, most: int) -> int:
    """Move the beginning of a cut on to a word, unless that is far away; never beyond a place."""
    space = text.find(" ", position, min(position + FURTHEST_CUT, most))
    if space >= 0:
        return space + 1
    return most if position <= most <= position + FURTHEST_CUT else position


def _last_word(text: str, position: int, least: int) -> int:
    """Move the end of a cut back to a word, unless that is far away; never before a place."""
    space = text.rfind(" ", max(position - FURTHEST_CUT, least), position)
    if space >= 0:
        return space
    return least if position - FURTHEST_CUT <= least <= position else position


def _marked(text: str, found: Iterable[Found], begin: int, end: int) -> Markup:
    pieces: list[Markup | str] = []
    position = begin
    for hit in found:
        pieces.append(escape(_visible(text[position : hit.start])))
        pieces += (_OPEN, escape(_visible(text[hit.start : hit.end])), _CLOSE)
        position = hit.end
    pieces.append(escape(_visible(text[position:end])))
    return Markup("").join(pieces).strip()


def _visible(text: str) -> str:
    return _INVISIBLE.sub(" ", text)
