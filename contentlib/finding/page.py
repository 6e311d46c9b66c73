"""One page of results with everything around it, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import ceil

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.finding.answering import Library
from contentlib.finding.criteria import FACETS, Criteria
from contentlib.finding.facets import FACET_NAMES, Facet, Names, Translate, facets_of
from contentlib.finding.relaxing import Offer, wider_searches
from contentlib.finding.results import Result, load_results
from contentlib.finding.spelling import Mending, mendings_of, rewritten
from contentlib.finding.understanding import Understanding, understand
from contentlib.library.models import Asset

PAGE_SIZE = 20


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, and the search without it."""

    label: str
    name: str
    without: Criteria


@dataclass(frozen=True)
class Reading:
    """Words that were read as a name, what they name, and the search without these words."""

    label: str
    name: str
    without: Criteria


@dataclass(frozen=True)
class ResultPage:
    """What the search page shows."""

    criteria: Criteria
    total: int
    results: list[Result]
    facets: list[Facet]
    active: list[ActiveFilter]
    readings: list[Reading]
    # The words that were read as no name, where some were.
    unnamed: str
    mendings: list[Mending]
    synonyms: Sequence[str]
    offers: list[Offer]
    names: Names
    relaxed: bool
    degraded: bool
    # Nothing at all to be found by this person yet, whatever they ask.
    nothing_yet: bool

    @property
    def meant(self) -> list[tuple[str, bool]]:
        """Return the words that were searched for, in pieces that tell which were mended."""
        return rewritten(self.criteria.words, self.mendings)

    @property
    def last_page(self) -> int:
        """Return the number of the last page."""
        return max(1, ceil(self.total / PAGE_SIZE))


def result_page(
    criteria: Criteria, library: Library, *, language: str, translate: Translate
) -> ResultPage:
    """Answer a search with its results, facets, filters in force and, if empty, wider searches."""
    offset = (criteria.page - 1) * PAGE_SIZE
    answer = library.ask(criteria, offset=offset, limit=PAGE_SIZE)
    results = load_results(answer, library.searcher, offset=offset)
    # What the index still had but the database refused is not counted either.
    total = answer.total - (len(answer.hits) - len(results))
    names = Names.load(language, translate)
    understood = (
        Understanding()
        if answer.degraded
        else understand(criteria, library.lexicon, answer.corrections)
    )
    readings = _readings(criteria, understood, names, translate)
    known = [reading.name for reading in readings]
    mendings = mendings_of(answer, criteria.words, results, known)
    return ResultPage(
        criteria=criteria,
        total=total,
        results=results,
        facets=facets_of(criteria, answer, names, translate),
        active=_active(criteria, names, translate),
        readings=readings,
        unnamed=_unnamed(criteria, understood, mendings),
        mendings=mendings,
        synonyms=understood.tried,
        offers=[] if total else wider_searches(criteria, library),
        names=names,
        relaxed=answer.relaxed,
        degraded=answer.degraded,
        nothing_yet=not total and not _anything(library),
    )


def _active(criteria: Criteria, names: Names, translate: Translate) -> list[ActiveFilter]:
    return [
        ActiveFilter(
            translate(FACET_NAMES[facet]), names.of(facet, value), criteria.without(facet, value)
        )
        for facet in FACETS
        for value in sorted(criteria.chosen(facet))
    ]


def _readings(
    criteria: Criteria, understood: Understanding, names: Names, translate: Translate
) -> list[Reading]:
    return [
        Reading(
            translate(FACET_NAMES[facet]), names.of(facet, value), criteria.without_words(words)
        )
        for facet, value, words in understood.named
    ]


def _unnamed(criteria: Criteria, understood: Understanding, mendings: Sequence[Mending]) -> str:
    words = list(dict.fromkeys(words for _, _, words in understood.named))
    left = reduce(Criteria.without_words, words, criteria).words if words else ""
    return "".join(piece for piece, _ in rewritten(left, mendings))


def _anything(library: Library) -> bool:
    some = select(Asset.id).where(library.searcher.may_find()).limit(1)
    return db.session.scalars(some).first() is not None
