"""What a person may type: words, "an exact phrase", -word, and the beginning of a word with a star.

Nothing else has a meaning: brackets, colons, AND and OR are text like any other, so no input is an
error. Length and number of terms are bounded, because the cost of a search grows with both.
"""

import re
from dataclasses import dataclass

from contentlib.search import language

MAX_LENGTH = 256
MAX_TERMS = 32
SHORTEST_PREFIX = 3

# A phrase that was never closed runs to the end; a sign counts only at the start of a term.
_TERM = re.compile(r'(?<!\S)(?P<minus>-?)"(?P<phrase>[^"]*)(?:"|$)|"|(?P<word>[^\s"]+)')
_HARMLESS = str.maketrans(dict.fromkeys((*range(32), 127), " ") | {"“": '"', "”": '"', "„": '"'})


@dataclass(frozen=True, slots=True)
class Term:
    """One wish of a query: folded words next to each other, the last perhaps only begun."""

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False
    excluded: bool = False


def parse(text: str, *, typing: bool = False, shortest: int = SHORTEST_PREFIX) -> tuple[Term, ...]:
    """Read a query into terms; while somebody is typing, the last word is only a beginning.

    A beginning has at least ``shortest`` letters to mean anything.
    """
    clean = text[:MAX_LENGTH].translate(_HARMLESS)
    terms: list[Term] = []
    for match in _TERM.finditer(clean):
        if match["phrase"] is not None:
            terms += _phrase(match["phrase"], excluded=bool(match["minus"]))
        elif match["word"] is not None:
            terms += _words(match["word"])
    terms = terms[:MAX_TERMS]
    if typing and terms and clean[-1].isalnum():
        terms = _unfinished(terms, shortest)
    return tuple(terms)


def _phrase(text: str, *, excluded: bool) -> list[Term]:
    words = tuple(language.words(text))[:MAX_TERMS]
    return [Term(words, exact=True, excluded=excluded)] if words else []


def _words(text: str) -> list[Term]:
    excluded = text.startswith("-")
    words = list(language.words(text))
    if not words:
        return []
    if excluded:  # -pós-venda excludes the compound, not everything that has venda.
        return [Term(tuple(words), exact=len(words) > 1, excluded=True)]
    last_is_prefix = text.endswith("*") and len(words[-1]) >= SHORTEST_PREFIX
    return [Term((word,)) for word in words[:-1]] + [Term((words[-1],), prefix=last_is_prefix)]


def _unfinished(terms: list[Term], shortest: int) -> list[Term]:
    """Take the last word as a beginning, or leave it out while it is too short to mean anything."""
    *earlier, last = terms
    if last.exact or last.excluded:
        return terms
    if len(last.words[0]) >= shortest:
        return [*earlier, Term(last.words, prefix=True)]
    return earlier or terms
