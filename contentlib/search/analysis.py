"""A document as an index stores it, and a query as an index is asked: both as keys."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contentlib.search import grammar, language
from contentlib.search.engine import Document, Highlight, Meaning
from contentlib.search.stopwords import STOP_WORDS

TITLE_WEIGHT = 4.0
TAG_WEIGHT = 4.0
BODY_WEIGHT = 1.0

ALTERNATIVE_WEIGHT = 0.25
"""What a mention of another word for the same thing counts."""

LABEL_WEIGHT = 2.0
"""How many mentions it counts that a document carries the label which a word names."""

MAX_TEXT = 1_000_000
"""Characters of a document that are searched; a book has fewer."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """The keys of one document.

    ``weights`` counts a key over all parts, title and tags worth more, and ``length`` how many keys
    there are in all. ``title_keys`` keep stop words. ``words`` are the folded words, ``heads``
    those of title and tags: unfinished words are completed from them, mistyped ones mended.
    ``text`` is every word in order, to check exact phrases against.
    """

    weights: dict[str, float]
    length: int
    title_keys: Counter[str]
    words: frozenset[str]
    heads: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of a query, satisfied by any of its keys or by any word that begins with ``prefix``.

    Words too common for bodies are only looked for in titles. ``alternatives`` stand for the word
    too, each the keys of one or more words that a document must have all; so do ``labels``.
    """

    word: str
    keys: tuple[str, ...]
    prefix: str = ""
    in_title: bool = False
    alternatives: tuple[tuple[tuple[str, ...], ...], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand next to each other; ``clauses`` narrow down where to look."""

    text: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query in keys. Words may be relaxed to some of them, phrases and exclusions never."""

    words: tuple[Clause, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    without_words: tuple[Clause, ...] = ()
    without_phrases: tuple[Phrase, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked for, so that every document is wanted."""
        return not self.words and not self.phrases


def analyse(document: Document) -> Analysed:
    """Turn a document into keys, each word by the document's own language."""
    title = list(language.words(document.title))
    tags = [word for tag in document.tags for word in language.words(tag)]
    body = _body_words(document)
    keys_of = language.keys_in(document.language)
    weights: dict[str, float] = {}
    length = 0
    counted = [Counter(part) for part in (title, tags, body)]
    for part, weight in zip(counted, (TITLE_WEIGHT, TAG_WEIGHT, BODY_WEIGHT), strict=True):
        for word in part.keys() - STOP_WORDS:
            count = part[word]
            for key in keys_of(word):
                length += count
                weights[key] = weights.get(key, 0.0) + weight * count
    title_keys = Counter(key for word in title for key in keys_of(word))
    heads = frozenset((counted[0].keys() | counted[1].keys()) - STOP_WORDS)
    words = heads | (counted[2].keys() - STOP_WORDS)
    # Two spaces between the parts, so that no phrase runs from one into the next.
    text = "  ".join(" ".join(part) for part in (title, tags, body))
    return Analysed(weights, length, title_keys, words, heads, f" {text} ")


def plan(
    text: str, *, typing: bool = False, titles: bool = False, meanings: Sequence[Meaning] = ()
) -> Plan:
    """Turn what a person typed into clauses of keys; for titles every word counts, from two on."""
    terms = grammar.parse(text, typing=typing, shortest=2 if titles else grammar.SHORTEST_PREFIX)
    loose = [term for term in terms if not term.exact]
    exact = [term for term in terms if term.exact]
    asked = [term for term in loose if not term.excluded]
    more = _more_than_words([term.words[0] for term in asked], meanings)
    words = [
        replace(_clause(term.words[0], prefix=term.prefix), alternatives=others, labels=labels)
        for term, (others, labels) in zip(asked, more, strict=True)
    ]
    phrases = tuple(_phrase(term.words) for term in exact if not term.excluded)
    telling = [clause for clause in words if not clause.in_title]
    if titles:
        words = telling = [replace(clause, in_title=True) for clause in words]
    return Plan(
        words=tuple(telling if telling or phrases else words),
        phrases=phrases,
        without_words=tuple(_clause(term.words[0]) for term in loose if term.excluded),
        without_phrases=tuple(_phrase(term.words) for term in exact if term.excluded),
    )


def _more_than_words(
    words: Sequence[str], meanings: Sequence[Meaning]
) -> list[tuple[tuple[tuple[tuple[str, ...], ...], ...], tuple[tuple[str, str], ...]]]:
    """Give, for each word, the alternatives and labels of the meanings that it is a part of."""
    alternatives: list[list[tuple[tuple[str, ...], ...]]] = [[] for _ in words]
    labels: list[list[tuple[str, str]]] = [[] for _ in words]
    for meaning in meanings:
        size = len(meaning.words)
        for start in range(len(words) - size + 1):
            if tuple(words[start : start + size]) == meaning.words:
                for place in range(start, start + size):
                    alternatives[place] += filter(None, map(_alternative, meaning.alternatives))
                    labels[place] += meaning.labels
    return [
        (tuple(dict.fromkeys(others)), tuple(dict.fromkeys(own)))
        for others, own in zip(alternatives, labels, strict=True)
    ]


def _alternative(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        language.any_keys(word) for word in language.words(text) if not language.is_stop_word(word)
    )


def highlight(plan: Plan) -> Highlight:
    """Say what of a query is to be marked in texts."""
    clauses = [*plan.words, *(clause for phrase in plan.phrases for clause in phrase.clauses)]
    others = dict.fromkeys(other for clause in clauses for other in clause.alternatives)
    single = (key for other in others if len(other) == 1 for key in other[0])
    return Highlight(
        keys=frozenset((*single, *(key for clause in clauses for key in clause.keys))),
        prefixes=tuple(dict.fromkeys(clause.prefix for clause in clauses if clause.prefix)),
        together=tuple(other for other in others if len(other) > 1),
        words=tuple(frozenset((*clause.keys, clause.prefix)) - {""} for clause in clauses),
        others=tuple(frozenset(_others_for(clause)) for clause in clauses),
    )


def _others_for(clause: Clause) -> Iterator[str]:
    for other in clause.alternatives:
        yield from (name_of(other),) if len(other) > 1 else other[0]


def name_of(together: Sequence[Sequence[str]]) -> str:
    """Return what words that stand together are called in a highlight."""
    return " ".join(keys[0] for keys in together)


def _body_words(document: Document) -> list[str]:
    words: list[str] = []
    left = MAX_TEXT
    for page in document.pages:
        words += language.words(page.text[:left])
        left -= len(page.text)
        if left <= 0:
            break
    return words


def _clause(word: str, *, prefix: bool = False) -> Clause:
    # The beginning of a telling word may look like a common one: "com" of "comprador".
    common = language.is_stop_word(word) and not prefix
    return Clause(word, language.any_keys(word), prefix=word if prefix else "", in_title=common)


def _phrase(words: tuple[str, ...]) -> Phrase:
    clauses = [_clause(word) for word in words]
    telling = [clause for clause in clauses if not clause.in_title]
    return Phrase(f" {' '.join(words)} ", tuple(telling or clauses))
