"""One page of results with everything around it, ready to be drawn."""

from dataclasses import dataclass
from math import ceil

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.finding.answering import Library
from contentlib.finding.criteria import FACETS, Criteria
from contentlib.finding.facets import FACET_NAMES, Facet, Names, Translate, facets_of
from contentlib.finding.relaxing import Offer, wider_searches
from contentlib.finding.results import Result, load_results
from contentlib.library.models import Asset

PAGE_SIZE = 20


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, and the search without it."""

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
    offers: list[Offer]
    names: Names
    relaxed: bool
    degraded: bool
    # Nothing at all to be found by this person yet, whatever they ask.
    nothing_yet: bool

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
    return ResultPage(
        criteria=criteria,
        total=total,
        results=results,
        facets=facets_of(criteria, answer, names, translate),
        active=_active(criteria, names, translate),
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


def _anything(library: Library) -> bool:
    some = select(Asset.id).where(library.searcher.may_find()).limit(1)
    return db.session.scalars(some).first() is not None
