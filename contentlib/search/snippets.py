"""Show why a document was found: the passage with most of the words asked for, marked.

A word is marked when its key is among those asked for, so accents and plurals do not matter. Text
is escaped piece by piece and only then marked; what comes out is safe HTML.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from contentlib.search import language
from contentlib.search.engine import Highlight, Page

WIDTH = 240
MAX_TEXT = 200_000
"""Characters of a document that are looked through; a snippet is a help, not a proof."""

# The letters that fold to each letter, so that one pass over the raw text finds the candidates.
_VARIANTS = {
    "a": "aàáâãäåª",
    "c": "cç",
    "e": "eèéêë",
    "i": "iìíîï",
    "n": "nñ",
    "o": "oòóôõöº",
    "u": "uùúûü",
    "y": "yýÿ",
}
_INSIDE_WORD = "[\u0300-\u036f\u00ad]*"
# Controls, and the marks by which text could turn around the page that shows it.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+|\\s+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage as safe HTML, and the page it stands on; 0 where the text has no pages."""

    page: int
    html: Markup


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    key: str


def best_snippet(
    pages: Sequence[Page], highlight: Highlight, tongue: str, *, width: int = WIDTH
) -> Snippet:
    """Give the passage with the most different words asked for, or the beginning of the text."""
    best_score = (0, 0)
    best: tuple[Page, list[_Found], int] | None = None
    for page in _bounded(pages):
        found = _find(page.text, highlight, tongue)
        start, score = _densest(found, width)
        if score > best_score:
            best_score, best = score, (page, found, start)
    if best is None:
        page = next((page for page in pages if page.text.strip()), Page(0, ""))
        return Snippet(page.number, _passage(page.text, [], 0, width))
    page, found, start = best
    return Snippet(page.number, _passage(page.text, found, start, width))


def mark(text: str, highlight: Highlight, tongue: str) -> Markup:
    """Mark the words asked for in a whole short text, such as a title."""
    return _marked(text, _find(text, highlight, tongue), 0, len(text))


def _bounded(pages: Iterable[Page]) -> Iterable[Page]:
    left = MAX_TEXT
    for page in pages:
        if left <= 0:
            return
        yield page if len(page.text) <= left else Page(page.number, page.text[:left])
        left -= len(page.text)


def _find(text: str, highlight: Highlight, tongue: str) -> list[_Found]:
    pattern = _candidates(highlight)
    if pattern is None:
        return []
    found = []
    for match in pattern.finditer(text):
        key = _wanted_key(language.fold(match.group()), highlight, tongue)
        if key is not None:
            found.append(_Found(match.start(), match.end(), key))
    return found


def _wanted_key(word: str, highlight: Highlight, tongue: str) -> str | None:
    for key in language.document_keys(word, tongue):
        if key in highlight.keys:
            return key
    return next((prefix for prefix in highlight.prefixes if word.startswith(prefix)), None)


@lru_cache(maxsize=256)
def _candidates(highlight: Highlight) -> re.Pattern[str] | None:
    """Build one expression for the first letters of every key, all that stemming leaves alone."""
    # The last letter of a key may differ from the word's: real and reais.
    starts = {key[: max(1, min(4, len(key) - 1))] for key in highlight.keys}
    starts |= {prefix[:4] for prefix in highlight.prefixes}
    if not starts:
        return None
    spelled = "|".join(_spelled(start) for start in sorted(starts))
    return re.compile(rf"(?<![^\W_])(?:{spelled}){language.WORD.pattern[:-1]}*", re.IGNORECASE)


def _spelled(start: str) -> str:
    letters = (f"[{_VARIANTS[c]}]" if c in _VARIANTS else re.escape(c) for c in start)
    return "".join(letter + _INSIDE_WORD for letter in letters)


def _densest(found: Sequence[_Found], width: int) -> tuple[int, tuple[int, int]]:
    """Give the start of the window with most different keys, then most words, and that score."""
    best_start, best = 0, (0, 0)
    first = 0
    inside: dict[str, int] = {}
    for last, hit in enumerate(found):
        inside[hit.key] = inside.get(hit.key, 0) + 1
        while hit.end - found[first].start > width and first < last:
            left = found[first].key
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            first += 1
        score = (len(inside), last - first + 1)
        if score > best:
            best_start, best = found[first].start, score
    return best_start, best


def _passage(text: str, found: Sequence[_Found], start: int, width: int) -> Markup:
    """Cut a passage at words, a little before the first hit, with dots where text was left out."""
    begin = max(0, start - width // 4)
    end = min(len(text), begin + width)
    begin = max(0, min(begin, end - width))
    begin = _to_word(text, begin, forward=True) if begin else 0
    end = _to_word(text, end, forward=False) if end < len(text) else end
    inside = [hit for hit in found if begin <= hit.start and hit.end <= end]
    body = _marked(text, inside, begin, end)
    before = "… " if text[:begin].strip() else ""
    after = " …" if text[end:].strip() else ""
    return Markup("").join((before, body, after))


def _to_word(text: str, position: int, *, forward: bool) -> int:
    """Move a cut to the nearest space, unless that is far away."""
    if forward:
        space = text.find(" ", position, position + 30)
        return space + 1 if space >= 0 else position
    space = text.rfind(" ", position - 30, position)
    return space if space >= 0 else position


def _marked(text: str, found: Iterable[_Found], begin: int, end: int) -> Markup:
    pieces: list[Markup | str] = []
    position = begin
    for hit in found:
        pieces.append(escape(_visible(text[position : hit.start])))
        pieces.append(Markup("<mark>{}</mark>").format(_visible(text[hit.start : hit.end])))
        position = hit.end
    pieces.append(escape(_visible(text[position:end])))
    return Markup("").join(pieces).strip()


def _visible(text: str) -> str:
    return _INVISIBLE.sub(" ", text)
