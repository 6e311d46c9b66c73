"""What every search engine understands and answers: documents and words, nothing of the product."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from contentlib.core.errors import N_, Unavailable

Order = Literal["relevance", "newest"]
Scope = Literal["all", "titles"]
Progress = Callable[[int], None]


NO_INDEX = N_("There is no search index of this version yet; it has to be built.")
BROKEN = N_("The search index cannot be read; it has to be built again.")
FAILED = N_("The search did not answer as it should.")
BUSY = N_("Another process is writing the search index; try again in a moment.")


class SearchError(Unavailable):
    """Foreign trouble stopped at the seam; the caller answers from SQL and marks it degraded."""


class SearchUnavailable(SearchError):
    """There is no readable index: never built, made by another version, or damaged. Rebuild it."""


class NoIndex(SearchUnavailable):
    """There is none yet, or only one of another version; the worker makes it when it runs."""


class SearchBusy(SearchError):
    """Another process is writing the index; try again later."""


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page or slide, numbered as people number them; 0 where there are no pages."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be found.

    ``id`` names it for good (``asset:12``) and ``revision`` grows with every change of anything
    here. ``access`` holds labels, of which a searcher must carry at least one: a document without
    labels is found by nobody. ``moment`` (seconds) puts newer before older where words do not.
    """

    id: str
    revision: int
    title: str
    language: str = "pt"
    tags: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    access: tuple[str, ...] = ()
    moment: float = 0.0


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words of a query that mean more than themselves.

    ``words`` are folded, as they stand next to each other in the query. A document that lacks them
    answers as well by one of the ``alternatives`` (texts of one or more words, which count less
    than the words themselves) or by a label (facet, value), which counts like many mentions.
    """

    words: tuple[str, ...]
    alternatives: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Boosts:
    """Small preferences among documents whose words answer almost equally well.

    Together they are worth at most a few percent, so that none ever beats the words; the module
    ``boosts`` has the rule. ``used`` gives 0 to 1 by id; ``trusted`` names labels (facet, value)
    that speak for a document; newer than ``fresh_at`` (seconds) is better. ``doubted`` are ids that
    people warn of: words alone do not keep those ahead. Keep one object while nothing changed:
    engines keep what they work out from it.
    """

    used: Mapping[str, float] = field(default_factory=dict)
    trusted: frozenset[tuple[str, str]] = frozenset()
    fresh_at: float | None = None
    doubted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, by whom.

    Values within one filter are alternatives, filters among each other are conditions.
    ``facets`` names the facets to count; ``typing`` says that the last word is unfinished.
    ``scope`` narrows to the words of titles, to suggest by; there, nothing is relaxed.
    ``withheld`` are ids that the index may not know to be gone or forbidden yet: they do not exist.
    ``pinned`` ids come first, in this order, whatever the words, where searcher and filters allow.
    ``newer_than`` (seconds) leaves out older documents; ``literally`` keeps misspelt words.
    ``resembling`` puts what is like the best answer before what merely has one of the words, where
    few documents have all of them.
    """

    text: str
    access: frozenset[str]
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20
    order: Order = "relevance"
    typing: bool = False
    scope: Scope = "all"
    meanings: tuple[Meaning, ...] = ()
    withheld: frozenset[str] = frozenset()
    pinned: tuple[str, ...] = ()
    boosts: Boosts | None = None
    newer_than: float | None = None
    literally: bool = False
    resembling: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document; scores compare within one answer only."""

    id: str
    score: float
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A folded word that nobody may find, and the one that was searched for instead."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """What to mark in a text: the keys of the words asked for, and the beginnings of words.

    ``together`` are words, each by its keys, that are meant only where they stand together.
    ``words`` has for each word asked for its keys and beginning; ``others`` has what else means
    the same, words that stand together by the first key of each.
    """

    keys: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    together: tuple[tuple[tuple[str, ...], ...], ...] = ()
    words: tuple[frozenset[str], ...] = ()
    others: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    A facet's counts ignore the filter on that facet itself, so that a second value can be chosen.
    ``relaxed`` says that too few documents had all words, so those with some of them follow.
    ``corrections`` are the words that were read as others, since nothing visible has them.
    ``degraded`` says that the answer came from a poorer source than the index.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    highlight: Highlight = Highlight()
    relaxed: bool = False
    corrections: tuple[Correction, ...] = ()
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Stats:
    """The size of an index, for people who run it."""

    documents: int
    segments: int
    bytes: int
    version: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What to make true in the index: documents as they are now, and ids that are no more."""

    documents: tuple[Document, ...] = ()
    deleted: frozenset[str] = frozenset()


class Engine(Protocol):
    """Finding by words. Every method may raise ``SearchError`` and nothing else."""

    def apply(self, changes: Changes) -> None:
        """Make the changes durable and visible, all or none; applying twice changes nothing."""

    def search(self, query: Query) -> Answer:
        """Answer a query; any text is a query, and an empty access set finds nothing."""

    def revisions(self) -> dict[str, int]:
        """Give id → revision of everything in the index, to compare with the database."""

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        """Replace the index by these documents while the old one keeps answering; count them.

        ``progress`` is told how many were written so far.
        """

    def tend(self) -> bool:
        """Do what can wait until nothing else is to be done; tell whether there was anything.

        Raises ``SearchUnavailable`` where only building the index anew helps.
        """

    def stats(self) -> Stats:
        """Measure the index; raises ``SearchUnavailable`` where there is none to read."""
