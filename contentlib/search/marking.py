"""Where the words asked for stand in a text.

A word is meant when its key is among those asked for, so accents and plurals do not matter. Words
that only together mean what was asked for are meant where they stand together: for `cfo` that is
every "diretora financeira", and no other "diretora".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from contentlib.search import language
from contentlib.search.analysis import name_of
from contentlib.search.engine import Highlight

# What may be between words that stand together, beside small words.
_BETWEEN = re.compile(r"[\w\s\u00ad'’/–-]*")
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

_Together = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text, and what of a highlight stands there."""

    start: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that may be meant; `name` is empty where it is so only beside others."""

    start: int
    end: int
    keys: tuple[str, ...]
    name: str


def find(text: str, highlight: Highlight, tongue: str) -> list[Found]:
    """Return the places of a text that are meant, in their order."""
    pattern = _candidates(highlight)
    if pattern is None:
        return []
    words = list(_words(text, pattern, highlight, tongue))
    return list(_joined(text, words, _beginnings(highlight.together)))


def _words(
    text: str, pattern: re.Pattern[str], highlight: Highlight, tongue: str
) -> Iterator[_Word]:
    beside = _keys_of(highlight.together)
    keys_of = language.keys_in(tongue)
    for match in pattern.finditer(text):
        word = language.fold(match.group())
        keys = keys_of(word)
        name = next((key for key in keys if key in highlight.keys), "") or next(
            (prefix for prefix in highlight.prefixes if word.startswith(prefix)), ""
        )
        if name or not beside.isdisjoint(keys):
            yield _Word(match.start(), match.end(), keys, name)


def _joined(
    text: str, words: Sequence[_Word], ways: Mapping[str, Sequence[_Together]]
) -> Iterator[Found]:
    """Give the words that are meant by themselves, and those that stand together as one."""
    place = 0
    while place < len(words):
        way = next(_ways_at(text, words, place, ways), None)
        run = words[place : place + (len(way) if way else 1)]
        names = [word.name for word in run if word.name]
        if way is not None:
            names.append(name_of(way))
        if names:
            yield Found(run[0].start, run[-1].end, tuple(names))
        place += len(run)


def _ways_at(
    text: str, words: Sequence[_Word], place: int, ways: Mapping[str, Sequence[_Together]]
) -> Iterator[_Together]:
    for way in (way for key in words[place].keys for way in ways.get(key, ())):
        run = words[place : place + len(way)]
        if len(run) == len(way) and all(map(_is_one_of, run, way)) and _is_close(text, run):
            yield way


def _is_one_of(word: _Word, keys: Sequence[str]) -> bool:
    return any(key in keys for key in word.keys)


def _is_close(text: str, run: Sequence[_Word]) -> bool:
    """Tell whether there is nothing but small words between these, within one sentence."""
    gaps = (text[before.end : after.start] for before, after in pairwise(run))
    return all(
        _BETWEEN.fullmatch(gap) and all(map(language.is_stop_word, language.words(gap)))
        for gap in gaps
    )


@lru_cache(maxsize=256)
def _beginnings(together: Sequence[_Together]) -> Mapping[str, Sequence[_Together]]:
    """Give the words that stand together by each key of the first, the longest first."""
    ways: dict[str, list[_Together]] = {}
    for way in sorted(together, key=len, reverse=True):
        for key in way[0]:
            ways.setdefault(key, []).append(way)
    return ways


@lru_cache(maxsize=256)
def _keys_of(together: Sequence[_Together]) -> frozenset[str]:
    return frozenset(key for way in together for keys in way for key in keys)


@lru_cache(maxsize=256)
def _candidates(highlight: Highlight) -> re.Pattern[str] | None:
    """Build one expression for the first letters of every key, all that stemming leaves alone."""
    # The last letter of a key may differ from the word's: real and reais.
    keys = highlight.keys | _keys_of(highlight.together)
    starts = {key[: max(1, min(4, len(key) - 1))] for key in keys}
    starts |= {prefix[:4] for prefix in highlight.prefixes}
    if not starts:
        return None
    # A set of letters comes first and all else behind it, since that is what `re` skips to.
    first = re.escape("".join(sorted({way for start in starts for way in _ways(start[0])})))
    spelled = "|".join(_spelled(start) for start in sorted(starts))
    return re.compile(rf"[{first}](?<![^\W_].)(?i:{spelled}){language.WORD.pattern[:-1]}*")


def _ways(letter: str) -> str:
    """Return the letters that fold to one, small and large."""
    small = _VARIANTS.get(letter, letter)
    return small + small.upper()


def _spelled(start: str) -> str:
    """Return an expression for what begins so, to be tried behind its first letter."""
    before, *letters = (f"[{_VARIANTS[c]}]" if c in _VARIANTS else re.escape(c) for c in start)
    return _INSIDE_WORD.join((f"(?<={before})", *letters, ""))
