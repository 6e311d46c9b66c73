"""What every engine that is measured can do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from tests.bench.questions import Question
from tests.bench.store import Store

ALL, PAGE, OFFERED = 200, 20, 8
"""Labels counted of one facet at most, documents on a page, documents offered while typing."""


@dataclass(frozen=True)
class Found:
    """An answer in numbers that compare; ``total`` is -1 where nobody asked for it."""

    total: int
    numbers: list[int]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    snippets: list[str] = field(default_factory=list)


class Peer(Protocol):
    """An engine with an index in a folder."""

    recipe: str
    """What its index depends on beside the corpus; another one is built anew."""

    def __init__(self, store: Store) -> None: ...

    def build(self) -> None:
        """Build the index of every document of the store in an empty folder."""

    def open(self) -> None:
        """Open the index to read."""

    def ask(self, question: Question) -> Found:
        """Answer a question, all that its kind asks for."""

    def change(self, number: int, word: str) -> None:
        """Put a word into the text of a document, durably as far as the engine can."""

    def look(self) -> None:
        """Let an opened reader see what others committed."""


def nested(counts: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Turn rows of facet, label and number into one dictionary a facet."""
    facets: dict[str, dict[str, int]] = {}
    for facet, label, number in counts:
        facets.setdefault(facet, {})[label] = number
    return facets
