"""Where an answer comes from: the index for words, the database for the rest and in need."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import structlog

from contentlib.finding import queries
from contentlib.finding.criteria import FACETS, Criteria
from contentlib.finding.lexicon import current_lexicon
from contentlib.finding.listing import listed
from contentlib.finding.pins import pinned_for
from contentlib.finding.preferences import current_boosts
from contentlib.finding.searcher import Searcher
from contentlib.finding.understanding import answered
from contentlib.finding.withheld import withheld_from
from contentlib.library.standing import access_of, standing_of_label
from contentlib.search import Answer, Boosts, Engine, Query, SearchError
from contentlib.search.current import current_engine
from contentlib.search.meanings import Lexicon

log = structlog.get_logger("contentlib.finding")

# What the index calls the facet whose meaning depends on the day.
STANDING = "standing"


@dataclass(frozen=True)
class Library:
    """The library as one person may search it, with what is known of words and materials."""

    engine: Engine
    searcher: Searcher
    lexicon: Lexicon = field(default_factory=Lexicon)
    boosts: Boosts | None = None

    def query(self, text: str) -> Query:
        """Return a query by which this person finds what they may, as the database has it now."""
        searcher = self.searcher
        return Query(
            text,
            access=access_of(searcher.role, searcher.day, queries.ends_of_validity()),
            withheld=withheld_from(searcher),
            boosts=self.boosts,
        )

    def ask(
        self, criteria: Criteria, *, offset: int = 0, limit: int = 20, typing: bool = True
    ) -> Answer:
        """Answer a search; where the index cannot, roughly and marked as such.

        On a page somebody may always be typing, so that an address means the same at every load.
        """
        if criteria.words:
            try:
                return self._from_index(criteria, offset=offset, limit=limit, typing=typing)
            except SearchError as error:
                log.warning("answered without the index", reason=str(error))
        answer = listed(criteria, self.searcher, offset=offset, limit=limit)
        return replace(answer, degraded=bool(criteria.words))

    def count(self, criteria: Criteria) -> int:
        """Count what a search would find."""
        return self.ask(criteria, limit=0).total

    def newest(self, criteria: Criteria, *, limit: int) -> Answer:
        """Answer with what came last, from the index alone; raises SearchError where it cannot."""
        wanted = criteria.sorted_by("newest")
        return self._from_index(wanted, offset=0, limit=limit, typing=False)

    def _from_index(self, criteria: Criteria, *, offset: int, limit: int, typing: bool) -> Answer:
        query = replace(
            self.query(criteria.words),
            filters=self._index_filters(criteria.filters),
            pinned=pinned_for(criteria.words),
            literally=criteria.literally,
            resembling=True,
            facets=tuple(STANDING if facet == "state" else facet for facet in FACETS),
            offset=offset,
            limit=limit,
            order="newest" if criteria.order == "newest" else "relevance",
            typing=typing,
        )
        answer = answered(self.engine, query, self.lexicon)
        return replace(answer, facets=self._our_facets(answer.facets))

    def _index_filters(self, filters: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        given = {facet: values for facet, values in filters.items() if facet != "state"}
        if "state" in filters:
            # A label that no material carries keeps an impossible state from meaning "any".
            given[STANDING] = self._labels_of(filters["state"]) or frozenset({"nothing"})
        return given

    def _labels_of(self, states: Collection[str]) -> frozenset[str]:
        day = self.searcher.day
        return frozenset(
            label
            for label in queries.standing_labels()
            if standing_of_label(label, day).value in states
        )

    def _our_facets(self, found: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
        states: Counter[str] = Counter()
        for label, count in found.get(STANDING, {}).items():
            states[standing_of_label(label, self.searcher.day).value] += count
        return {facet: found.get(facet, {}) for facet in FACETS if facet != "state"} | {
            "state": states
        }


def current_library(searcher: Searcher) -> Library:
    """Return the library as somebody may search it now, in the running application."""
    return Library(current_engine(), searcher, current_lexicon(), current_boosts(searcher.day))
