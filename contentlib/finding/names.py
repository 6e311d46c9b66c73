"""Stages, personas and types that typed words begin to name: to narrow the library by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contentlib.finding.criteria import Criteria
from contentlib.library.taxonomy import AssetType, Nicknamed, Persona, Stage, all_terms
from contentlib.search import language

MOST_WORDS = 4
"""A name has no more words than this."""
SHORTEST_LAST_WORD = 3
"""Behind other words, two letters are rather the beginning of one more of them."""


@dataclass(frozen=True)
class Narrowing:
    """A word of the taxonomy, and the search that asks for it by filter instead of by words.

    ``named`` is which of its names was meant, where it has several.
    """

    facet: str
    term: Nicknamed
    named: str
    criteria: Criteria


def all_names() -> list[tuple[str, Nicknamed]]:
    """Return the words of the taxonomy in use, each with its facet."""
    return [
        *(("stage", term) for term in all_terms(Stage)),
        *(("persona", term) for term in all_terms(Persona)),
        *(("type", term) for term in all_terms(AssetType)),
    ]


def narrowings(
    typed: str, terms: Sequence[tuple[str, Nicknamed]], *, tongue: str
) -> list[Narrowing]:
    """Return what the last words name or begin to name, by as many of the words as possible.

    ``terms`` are words of the taxonomy, each with its facet; ``tongue`` is the reader's. The
    words before the name stay words: ``preço negocia`` leads to ``preço`` at that stage.
    """
    found = [
        (match.start(), word)
        for match in language.WORD.finditer(typed)
        if (word := language.fold(match.group()))
    ]
    for first in range(max(0, len(found) - MOST_WORDS), len(found)):
        words = [word for _start, word in found[first:]]
        if first and (len(words[-1]) < SHORTEST_LAST_WORD or language.is_stop_word(words[-1])):
            break
        before = typed[: found[first][0]].strip() if first else ""
        named = [
            Narrowing(facet, term, name, Criteria(before, {facet: frozenset({term.key})}))
            for facet, term in terms
            if (name := _name_begun(term, words, tongue))
        ]
        if named:
            return named
    return []


def begins(words: Iterable[str], others: Sequence[str]) -> bool:
    """Tell whether each word is, or begins, one of the others; all are folded."""
    return all(any(other.startswith(word) for other in others) for word in words)


def _name_begun(term: Nicknamed, words: Sequence[str], tongue: str) -> str:
    names = (term.name(tongue), term.name_pt, term.name_en, *term.other_names)
    return next((name for name in names if begins(words, list(language.words(name)))), "")
