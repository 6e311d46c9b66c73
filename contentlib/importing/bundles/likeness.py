"""Which materials and files have nearly the same name, so that nobody keeps one thing twice."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from contentlib.importing.bundles.paths import bare

T = TypeVar("T")
# Names of this many words and more may differ by one in five.
_ENOUGH = 3
_NEAR = 0.8


class Names(Generic[T]):
    """Names that are known, to be asked for one like another."""

    def __init__(self, known: Iterable[tuple[str, T]] = ()) -> None:
        self._whole: dict[str, T] = {}
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for name, thing in known:
            self.add(name, thing)

    def add(self, name: str, thing: T) -> None:
        """Take a name in; the first thing of a name keeps it."""
        key = bare(name)
        if key and key not in self._whole:
            self._whole[key] = thing
            for word in set(key.split()):
                self._by_word[word].add(key)

    def like(self, name: str) -> T | None:
        """Return the thing of the same name or of one that is nearly so."""
        key = bare(name)
        if key in self._whole:
            return self._whole[key]
        words = set(key.split())
        if len(words) < _ENOUGH:
            return None
        # Whoever shares four words in five has at least one of the two rarest in common.
        rarest = sorted(words, key=lambda word: len(self._by_word.get(word, ())))[
            : 1 + len(words) // 5
        ]
        near = {other for word in rarest for other in self._by_word.get(word, ())}
        best = max(near, key=lambda other: _share(words, other), default="")
        return self._whole[best] if best and _share(words, best) >= _NEAR else None


def _share(words: set[str], other: str) -> float:
    theirs = set(other.split())
    return len(words & theirs) / len(words | theirs)
