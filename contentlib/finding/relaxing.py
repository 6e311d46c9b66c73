"""What to offer when nothing was found: the same search with less, counted for real."""

from collections.abc import Iterator
from dataclasses import dataclass

from contentlib.finding.answering import Library
from contentlib.finding.criteria import Criteria

MOST_TRIED = 8


@dataclass(frozen=True)
class Offer:
    """A wider search, what it leaves out (nothing named means every filter), what it finds."""

    criteria: Criteria
    facet: str
    value: str
    count: int


def wider_searches(criteria: Criteria, library: Library) -> list[Offer]:
    """Return the wider searches that find something, the most fruitful first."""
    offers = [
        Offer(wider, facet, value, count)
        for wider, facet, value in list(_candidates(criteria))[:MOST_TRIED]
        if (count := library.count(wider))
    ]
    return sorted(offers, key=lambda offer: -offer.count)


def _candidates(criteria: Criteria) -> Iterator[tuple[Criteria, str, str]]:
    several = sum(len(values) for values in criteria.filters.values()) > 1
    if several:
        yield criteria.without_filters(), "", ""
    for facet, values in criteria.filters.items():
        if len(values) == 1:
            for value in values:
                yield criteria.without(facet, value), facet, value
