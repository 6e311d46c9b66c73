"""A document as an index stores it, and a query as an index is asked: both as keys."""

from collections import Counter
from dataclasses import dataclass

from contentlib.search import grammar, language
from contentlib.search.engine import Document, Highlight

TITLE_WEIGHT = 4.0
TAG_WEIGHT = 3.0
BODY_WEIGHT = 1.0

MAX_TEXT = 1_000_000
"""Characters of a document that are searched; a book has fewer."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """The keys of one document.

    ``frequencies`` counts a key over all parts, ``weights`` is the same with title and tags worth
    more. ``title_keys`` keep stop words; ``heads`` are the
    folded words of title and tags, which unfinished words are completed from; ``text`` is every
    word in order, to check exact phrases against.
    """

    frequencies: Counter[str]
    weights: dict[str, float]
    title_keys: Counter[str]
    heads: frozenset[str]
    text: str

    @property
    def length(self) -> int:
        """Count the words that are searched."""
        return self.frequencies.total()


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of a query, satisfied by any of its keys or by any word that begins with ``prefix``.

    Words too common for bodies are only looked for in titles.
    """

    keys: tuple[str, ...]
    prefix: str = ""
    in_title: bool = False


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
    frequencies: Counter[str] = Counter()
    weights: dict[str, float] = {}
    for part, weight in ((title, TITLE_WEIGHT), (tags, TAG_WEIGHT), (body, BODY_WEIGHT)):
        for word, count in Counter(part).items():
            if language.is_stop_word(word):
                continue
            for key in language.document_keys(word, document.language):
                frequencies[key] += count
                weights[key] = weights.get(key, 0.0) + weight * count
    title_keys = Counter(
        key for word in title for key in language.document_keys(word, document.language)
    )
    heads = frozenset(word for word in (*title, *tags) if not language.is_stop_word(word))
    # Two spaces between the parts, so that no phrase runs from one into the next.
    text = "  ".join(" ".join(part) for part in (title, tags, body))
    return Analysed(frequencies, weights, title_keys, heads, f" {text} ")


def plan(text: str, *, typing: bool = False) -> Plan:
    """Turn what a person typed into clauses of keys."""
    terms = grammar.parse(text, typing=typing)
    loose = [term for term in terms if not term.exact]
    exact = [term for term in terms if term.exact]
    words = [_clause(term.words[0], prefix=term.prefix) for term in loose if not term.excluded]
    phrases = tuple(_phrase(term.words) for term in exact if not term.excluded)
    telling = [clause for clause in words if not clause.in_title]
    return Plan(
        words=tuple(telling if telling or phrases else words),
        phrases=phrases,
        without_words=tuple(_clause(term.words[0]) for term in loose if term.excluded),
        without_phrases=tuple(_phrase(term.words) for term in exact if term.excluded),
    )


def highlight(plan: Plan) -> Highlight:
    """Say what of a query is to be marked in texts."""
    clauses = [*plan.words, *(clause for phrase in plan.phrases for clause in phrase.clauses)]
    keys = frozenset(key for clause in clauses for key in clause.keys)
    prefixes = tuple(dict.fromkeys(clause.prefix for clause in clauses if clause.prefix))
    return Highlight(keys, prefixes)


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
    return Clause(
        language.any_keys(word), prefix=word if prefix else "", in_title=language.is_stop_word(word)
    )


def _phrase(words: tuple[str, ...]) -> Phrase:
    clauses = [_clause(word) for word in words]
    telling = [clause for clause in clauses if not clause.in_title]
    return Phrase(f" {' '.join(words)} ", tuple(telling or clauses))
