"""How alike two requests are, by the words they share whatever their endings and accents.

The keys of `search.language` stand for words, without those too common to tell anything. Likeness
is the share of the shorter text's words that the other has too: 1 when one says all of the other.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from contentlib.search import language

ALIKE = 0.5
"""From so much on, two texts may well mean the same."""

Keys = frozenset[tuple[str, ...]]
T = TypeVar("T")


def keys_of(text: str) -> Keys:
    """Return the words of a text as the search knows them, without the common ones."""
    words = language.words(text)
    return frozenset(language.any_keys(word) for word in words if not language.is_stop_word(word))


def likeness(one: Keys, other: Keys) -> float:
    """Return how alike two texts are, from 0 to 1; a text that says nothing is like none."""
    shorter = min(len(one), len(other))
    shared = sum(any(_meet(word, theirs) for theirs in other) for word in one)
    return min(shared, shorter) / shorter if shorter else 0.0


def most_alike(text: str, others: Iterable[tuple[T, str]], limit: int) -> Sequence[T]:
    """Return those of some things whose texts are alike, the most alike first."""
    keys = keys_of(text)
    rated = [(likeness(keys, keys_of(theirs)), thing) for thing, theirs in others]
    alike = sorted((pair for pair in rated if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [thing for _rate, thing in alike[:limit]]


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not set(one).isdisjoint(other)
