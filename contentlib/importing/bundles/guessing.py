"""What folders and names of files say of them, in the words that this library knows.

Pure: it is given the words once, and a path at a time. The innermost folder speaks before the outer
ones, and the file's own name last, since people sort by hand and name by habit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contentlib.core.folding import fold
from contentlib.importing.bundles.paths import folders_of, stem_of, title_in

LANGUAGES = {
    "pt": ("pt", "pt br", "ptbr", "portugues", "portuguese", "brasil", "brazil"),
    "en": ("en", "en us", "eng", "ingles", "english"),
}
AUDIENCES = {
    "internal": ("interno", "internos", "uso interno", "internal", "confidencial", "confidential"),
    "shareable": ("externo", "externos", "cliente pode ver", "external", "publico", "shareable"),
}
SINGLE = ("type", "language", "audience")
MANY = ("stages", "personas", "tags")
# What is that short is a word only when it is written as one: TI, CFO, FAQ, but not "it".
_SHORT = 3


@dataclass(frozen=True)
class Word:
    """One name of a term: the words it consists of, and the key that it means."""

    parts: tuple[str, ...]
    key: str

    @property
    def is_short(self) -> bool:
        """Tell whether it is a few letters only, which stand in many words by chance."""
        return len("".join(self.parts)) <= _SHORT


class Vocabulary:
    """The names of the terms of one axis, longest first."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        words = {Word(tuple(singular(part) for part in parts_of(name)), key) for name, key in names}
        self._words = sorted(
            (word for word in words if word.parts),
            key=lambda word: (-len(word.parts), -len("".join(word.parts)), word.key),
        )
        # Thousands of files lie in a few folders.
        self._known: dict[str, list[str]] = {}

    def found_in(self, text: str) -> list[str]:
        """Return the keys whose names stand in a text, in its order."""
        if text not in self._known:
            self._known[text] = self._found_in(text)
        return self._known[text]

    def _found_in(self, text: str) -> list[str]:
        """Look for the names in a text, each of whose words is used once.

        Longer names are looked for first; what comes first in a text is what it is, in Portuguese.
        """
        original = re.findall(r"[^\W_]+", text)
        free = [singular(fold(part)) for part in original]
        capital = [part.isupper() for part in original]
        found: list[tuple[int, str]] = []
        there = set(free)
        for word in self._words:
            at = _place_of(word, free, capital) if word.parts[0] in there else None
            if at is not None:
                free[at : at + len(word.parts)] = [""] * len(word.parts)
                found.append((at, word.key))
        return list(dict.fromkeys(key for _at, key in sorted(found)))


def _place_of(word: Word, free: Sequence[str], capital: Sequence[bool]) -> int | None:
    width = len(word.parts)
    for at in range(len(free) - width + 1):
        if tuple(free[at : at + width]) == word.parts and (
            not word.is_short or all(capital[at : at + width]) or len(free) == width
        ):
            return at
    return None


def parts_of(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return [fold(part) for part in re.findall(r"[^\W_]+", text)]


_ENDINGS = (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ns", "m"))


def singular(word: str) -> str:
    """Return a folded word without the ending of its plural, as Portuguese and English form it."""
    if len(word) <= _SHORT:
        return word
    for plural, one in _ENDINGS:
        if word.endswith(plural):
            return word[: -len(plural)] + one
    if word.endswith(("res", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@dataclass(frozen=True)
class Words:
    """The vocabularies of all axes."""

    axes: Mapping[str, Vocabulary]

    def guess(self, path: str) -> dict[str, Any]:
        """Return what a path says: `{"title": …, "type": key, "stages": [keys], …}`."""
        levels = [*reversed(folders_of(path)), stem_of(path)]
        said: dict[str, Any] = {"title": title_in(path)}
        for name, vocabulary in self.axes.items():
            found = next(filter(None, map(vocabulary.found_in, levels)), [])
            if found:
                said[name] = found if name in MANY else found[0]
        return said

    def understood(self, folder: str) -> bool:
        """Tell whether a folder's name says anything by itself."""
        return any(vocabulary.found_in(folder) for vocabulary in self.axes.values())


def words_of(terms: Mapping[str, Iterable[tuple[str, str]]]) -> Words:
    """Build the vocabularies: names and keys of terms by axis, languages and audiences added."""
    closed = {
        name: [(word, key) for key, words in book.items() for word in words]
        for name, book in (("language", LANGUAGES), ("audience", AUDIENCES))
    }
    return Words({name: Vocabulary(names) for name, names in {**terms, **closed}.items()})
