"""What is told of each term beside its counts, worked out for the lines of one page only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from contentlib.core.db import db
from contentlib.finding.answering import Library
from contentlib.finding.criteria import Criteria
from contentlib.finding.models import SearchLog
from contentlib.reports.dignity import FEWEST_PEOPLE
from contentlib.reports.search_counts import (
    SearchScope,
    Term,
    asked,
    led_to_something,
    searches_before,
    used,
)
from contentlib.usage.models import Grade

FILTERS_SHOWN = 2
FilterValue = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """A term with its words as people write them and what became of its searches.

    `in_palette` is how many of its searches were typed in the dialog over any page, which looks for
    answers and scripts by all words and for the rest by title. `people` is nothing below five,
    `before` where too few people searched in the period before, `now` (what sellers would find at
    this moment) where the index does not answer.
    """

    term: Term
    words: str
    people: int | None
    opened: int
    used: int
    in_palette: int
    before: int | None
    filters: Sequence[FilterValue]
    now: int | None


def lines(scope: SearchScope, terms: Sequence[Term], library: Library | None) -> list[Line]:
    """Return the lines of some terms; without a library nothing is said of what is found now."""
    keys = [term.key for term in terms]
    facts, before = _facts(scope, keys), searches_before(scope, keys)
    filters = _filters(scope, keys)
    found = _found_now(library, [facts[key].words for key in keys]) if library else {}
    return [
        Line(
            term=term,
            words=facts[term.key].words,
            people=facts[term.key].people,
            opened=facts[term.key].opened,
            used=facts[term.key].used,
            in_palette=facts[term.key].in_palette,
            before=before.get(term.key, 0) if before is not None else None,
            filters=filters.get(term.key, ()),
            now=found.get(facts[term.key].words),
        )
        for term in terms
    ]


@dataclass(frozen=True)
class _Facts:
    words: str
    people: int | None
    opened: int
    used: int
    in_palette: int


def _facts(scope: SearchScope, keys: Sequence[str]) -> Mapping[str, _Facts]:
    count = func.count(SearchLog.user_id.distinct())
    rows = db.session.execute(
        select(
            SearchLog.normalised,
            # The largest spelling is the one with accents and small letters.
            func.max(SearchLog.query),
            case((count >= FEWEST_PEOPLE, count)),
            func.sum(case((led_to_something(), 1), else_=0)),
            func.sum(case((used(Grade.TAKEN), 1), else_=0)),
            func.sum(case((SearchLog.surface == "palette", 1), else_=0)),
        )
        .where(*asked(scope), SearchLog.normalised.in_(keys))
        .group_by(SearchLog.normalised)
    )
    return {key: _Facts(*facts) for key, *facts in rows}


def _filters(scope: SearchScope, keys: Sequence[str]) -> Mapping[str, Sequence[FilterValue]]:
    """Return the filter values most often set with each term."""
    rows = db.session.execute(
        select(SearchLog.normalised, SearchLog.filters).where(
            *asked(scope), SearchLog.normalised.in_(keys)
        )
    )
    counts: dict[str, Counter[FilterValue]] = {}
    for key, filters in rows:
        chosen = ((facet, value) for facet, values in filters.items() for value in values)
        counts.setdefault(key, Counter()).update(chosen)
    return {
        key: [value for value, _count in counter.most_common(FILTERS_SHOWN)]
        for key, counter in counts.items()
    }


def _found_now(library: Library, queries: Sequence[str]) -> Mapping[str, int]:
    """Return how much each query finds at this moment, as long as the index answers."""
    found: dict[str, int] = {}
    for words in queries:
        answer = library.ask(Criteria(words=words), limit=0, typing=False)
        if answer.degraded:
            break
        found[words] = answer.total
    return found
