"""Words of a query that mean more than themselves: names of a label, and words with synonyms.

A lexicon is built once per change of what is known and read at every query, so all that can be
worked out beforehand is. Words are compared by their keys, so neither plurals nor accents matter;
stop words between two others are skipped on both sides (`caso sucesso` is `casos de sucesso`).

Everything here is pure, total (any string is accepted) and safe to call from several threads.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contentlib.search import grammar, language
from contentlib.search.engine import Meaning

Label = tuple[str, str]
Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Texts of one or more words, any of which means the alternatives and the labels.

    Of the alternatives a text means all but itself, so a group of synonyms is `texts` and
    `alternatives` at once.
    """

    texts: tuple[str, ...]
    alternatives: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One text of an entry: the keys of each of its words, and what it means."""

    slots: tuple[Keys, ...]
    alternatives: tuple[str, ...]
    labels: tuple[Label, ...]


class Lexicon:
    """What is known to mean more, ready to be found in queries."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_first_key: dict[str, list[_Pattern]] = {}
        for entry in entries:
            for pattern in _patterns(entry):
                for key in pattern.slots[0]:
                    self._by_first_key.setdefault(key, []).append(pattern)

    def read(self, text: str) -> tuple[Meaning, ...]:
        """Return what words of a query mean, in their order; the longest match goes first.

        Words that are excluded, begun with a star or part of an exact phrase mean nothing more.
        """
        found = {
            meaning.words: meaning for run in _runs(text) for meaning in self._meanings_in(run)
        }
        return tuple(found.values())

    def _meanings_in(self, run: Sequence[str]) -> Iterator[Meaning]:
        spans = self._spans(run)
        taken: dict[int, int] = {}
        for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
            if all(end <= begun or start >= ended for begun, ended in taken.items()):
                taken[start] = end
        for start, end in sorted(taken.items()):
            patterns = spans[start, end]
            alternatives = [text for pattern in patterns for text in pattern.alternatives]
            labels = [label for pattern in patterns for label in pattern.labels]
            yield Meaning(
                words=tuple(run[start:end]),
                alternatives=tuple(dict.fromkeys(alternatives)),
                labels=tuple(dict.fromkeys(labels)),
            )

    def _spans(self, run: Sequence[str]) -> dict[tuple[int, int], list[_Pattern]]:
        """Return every stretch of words that a pattern matches, with its patterns."""
        keys = [_keys_of(word) for word in run]
        spans: dict[tuple[int, int], list[_Pattern]] = {}
        for start, firsts in enumerate(keys):
            if self._by_first_key.keys().isdisjoint(firsts):
                continue
            for pattern in self._beginning_with(firsts):
                end = _end_of_match(pattern, run, keys, start)
                if end:
                    spans.setdefault((start, end), []).append(pattern)
        return spans

    def _beginning_with(self, keys: Keys) -> Iterator[_Pattern]:
        found = [pattern for key in keys for pattern in self._by_first_key.get(key, ())]
        # A pattern is known by each key of its first word, and so perhaps found twice.
        return iter({id(pattern): pattern for pattern in found}.values())


def _patterns(entry: Entry) -> Iterator[_Pattern]:
    others = [(text, _slots(text)) for text in entry.alternatives]
    for slots in dict.fromkeys(map(_slots, entry.texts)):
        if slots:
            alternatives = tuple(text for text, theirs in others if not _same(slots, theirs))
            yield _Pattern(slots, alternatives, entry.labels)


def _slots(text: str) -> tuple[Keys, ...]:
    """Return the keys of each word, without stop words between two others.

    Those at the ends stay (`em inglês`), but a text of nothing else has no meaning to look for.
    """
    words = list(language.words(text))
    telling = [place for place, word in enumerate(words) if not language.is_stop_word(word)]
    if not telling:
        return ()
    kept = [
        word
        for place, word in enumerate(words)
        if place in telling or not telling[0] < place < telling[-1]
    ]
    return tuple(map(_keys_of, kept))


@lru_cache(maxsize=65_536)
def _keys_of(word: str) -> Keys:
    return frozenset(language.any_keys(word))


def _same(slots: tuple[Keys, ...], others: tuple[Keys, ...]) -> bool:
    return len(slots) == len(others) and all(map(frozenset.intersection, slots, others))


def _runs(text: str) -> Iterator[list[str]]:
    """Give the words that stand next to each other and are meant as words."""
    run: list[str] = []
    for term in grammar.parse(text):
        if term.exact or term.excluded or term.prefix:
            yield run
            run = []
        else:
            run += term.words
    yield run


def _end_of_match(pattern: _Pattern, run: Sequence[str], keys: Sequence[Keys], start: int) -> int:
    """Return where a match that begins here ends, or 0 where there is none."""
    place = start
    for number, slot in enumerate(pattern.slots):
        while number and place < len(run) and not slot & keys[place]:
            if not language.is_stop_word(run[place]):
                return 0
            place += 1
        if place >= len(run) or not slot & keys[place]:
            return 0
        place += 1
    return place
