"""How to write words for people that the search compares without accents and capitals."""

import re
from collections.abc import Sequence

from contentlib.finding.results import Result
from contentlib.search import language

_MARKED = re.compile("<mark>([^<]+)</mark>")


def typed_as(folded: str, text: str) -> str:
    """Return a folded word as it stands in what somebody typed."""
    return next(
        (word for word in language.WORD.findall(text) if language.fold(word) == folded), folded
    )


def spelled_in(folded: str, results: Sequence[Result]) -> str:
    """Return a folded word as the results write it, in small letters; else as it is."""
    for result in results:
        for html in (result.title, result.snippet.html):
            for word in _MARKED.findall(html):
                if language.fold(word) == folded:
                    return word.lower()
    return folded
