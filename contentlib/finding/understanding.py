"""What a search means beyond its words: names of labels, other words for the same, a language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contentlib.finding.criteria import Criteria, Filters
from contentlib.search import Meaning
from contentlib.search.meanings import Lexicon

LANGUAGE = "language"


@dataclass(frozen=True)
class Understanding:
    """How the words of a search were read."""

    meanings: tuple[Meaning, ...] = ()

    @property
    def named(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Give facet, value and the folded words that named it, in the order of the words."""
        for meaning in self.meanings:
            for facet, value in meaning.labels:
                yield facet, value, meaning.words

    @property
    def tried(self) -> Sequence[str]:
        """Return the other words that were searched for too."""
        return list(dict.fromkeys(text for one in self.meanings for text in one.alternatives))

    def filters(self, chosen: Filters) -> Filters:
        """Return the filters in force: who names one language wants no other.

        Words for a stage, persona or type narrow nothing: a material that only speaks of it
        answers too, after those that carry the label.
        """
        languages = {value for facet, value, _ in self.named if facet == LANGUAGE}
        if LANGUAGE in chosen or len(languages) != 1:
            return chosen
        return {**chosen, LANGUAGE: frozenset(languages)}


def understand(criteria: Criteria, lexicon: Lexicon) -> Understanding:
    """Read the words of a search by what is known here."""
    return Understanding(lexicon.read(criteria.words))
