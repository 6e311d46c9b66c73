"""How to write words for people that the search compares without accents and capitals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contentlib.finding.results import Result
from contentlib.search import Answer, language

_MARKED = re.compile("<mark>([^<]+)</mark>")


def typed_as(folded: str, text: str) -> str:
    """Return a folded word as it stands in what somebody typed."""
    return next(
        (word for word in language.WORD.findall(text) if language.fold(word) == folded), folded
    )


@dataclass(frozen=True)
class Mending:
    """A word that nothing has, as typed, and the one that was searched for, as results spell it."""

    typed: str
    meant: str


def mendings_of(
    answer: Answer, text: str, results: Sequence[Result], names: Sequence[str]
) -> list[Mending]:
    """Return the words that were read as others, as people write both, in results or names."""
    return [
        Mending(typed_as(one.typed, text), spelled_in(one.meant, results, names))
        for one in answer.corrections
    ]


def rewritten(text: str, mendings: Sequence[Mending]) -> list[tuple[str, bool]]:
    """Return a text with its words mended, in pieces that tell whether each was."""
    meant = {one.typed: one.meant for one in mendings}
    pieces: list[tuple[str, bool]] = []
    place = 0
    for found in language.WORD.finditer(text):
        if found.group() in meant:
            pieces += [(text[place : found.start()], False), (meant[found.group()], True)]
            place = found.end()
    pieces.append((text[place:], False))
    return [piece for piece in pieces if piece[0]]


def spelled_in(folded: str, results: Sequence[Result], names: Sequence[str] = ()) -> str:
    """Return a folded word as the results or these names write it, in small letters."""
    shown = (html for result in results for html in (result.title, result.snippet.html))
    marked = (words for html in shown for words in _MARKED.findall(html))
    for text in (*marked, *names):
        for word in language.WORD.findall(text):
            if language.fold(word) == folded:
                return str(word.lower())
    return folded
