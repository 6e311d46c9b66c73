"""What a person asks for: words, filters, order and page, as they stand in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from contentlib.search import language

FACETS = ("stage", "persona", "type", "language", "state", "format", "owner")
SORTS_WITH_WORDS = ("relevance", "newest")
SORTS_WITHOUT_WORDS = ("newest", "title", "review")
LONGEST_QUERY = 256
MOST_VALUES = 50
LAST_PAGE = 500

Filters = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Criteria:
    """One search: the address says exactly this and nothing more."""

    words: str = ""
    filters: Filters = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    # The words are meant as they are typed, even where nothing has one of them.
    literally: bool = False

    @property
    def sorts(self) -> tuple[str, ...]:
        """Return the orders that make sense; the first is the usual one."""
        return SORTS_WITH_WORDS if self.words else SORTS_WITHOUT_WORDS

    @property
    def order(self) -> str:
        """Return the order in force."""
        return self.sort if self.sort in self.sorts else self.sorts[0]

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing narrows the library."""
        return not self.words and not self.filters

    def chosen(self, facet: str) -> frozenset[str]:
        """Return the chosen values of a facet."""
        return self.filters.get(facet, frozenset())

    def without(self, facet: str, value: str) -> "Criteria":
        """Return the search with one filter taken off."""
        left = self.chosen(facet) - {value}
        others = {name: values for name, values in self.filters.items() if name != facet}
        return replace(self, filters=others | ({facet: left} if left else {}), page=1)

    def without_words(self, words: Sequence[str]) -> "Criteria":
        """Return the search without these folded words, which stand next to each other in it."""
        tokens = self.words.split()
        folded = [tuple(language.words(token)) for token in tokens]
        for start in range(len(tokens)):
            for end in range(start + 1, len(tokens) + 1):
                if tuple(word for token in folded[start:end] for word in token) == tuple(words):
                    left = " ".join((*tokens[:start], *tokens[end:]))
                    return replace(self, words=left, page=1, literally=False)
        return self

    def as_typed(self) -> "Criteria":
        """Return the search for exactly the words that were typed."""
        return replace(self, literally=True, page=1)

    def without_filters(self) -> "Criteria":
        """Return the search by its words alone."""
        return replace(self, filters={}, page=1)

    def with_filters(self, filters: Filters) -> "Criteria":
        """Return the search with exactly these filters."""
        return replace(self, filters=filters, page=1)

    def sorted_by(self, sort: str) -> "Criteria":
        """Return the search in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> "Criteria":
        """Return another page of the search."""
        return replace(self, page=page)

    def normalised(self) -> str:
        """Return the words without case, accents and signs, to compare searches by."""
        return " ".join(language.words(self.words))[:LONGEST_QUERY]

    def parameters(self) -> dict[str, str | int | list[str]]:
        """Return the parameters of the address, leaving out what is usual."""
        given: dict[str, str | int | list[str]] = {"q": self.words} if self.words else {}
        for facet in FACETS:
            if self.chosen(facet):
                given[facet] = sorted(self.chosen(facet))
        if self.order != self.sorts[0]:
            given["sort"] = self.order
        if self.page > 1:
            given["page"] = self.page
        if self.words and self.literally:
            given["exact"] = 1
        return given


def read_criteria(arguments: Mapping[str, Sequence[str]]) -> Criteria:
    """Read an address; what makes no sense in it is left out, never an error."""
    first = {name: values[0] for name, values in arguments.items() if values}
    filters = {}
    for facet in FACETS:
        values = arguments.get(facet, ())[:MOST_VALUES]
        kept = frozenset(value for value in values if value and len(value) <= 60)
        if kept:
            filters[facet] = kept
    page = first.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    return Criteria(
        words=" ".join(first.get("q", "").split())[:LONGEST_QUERY],
        filters=filters,
        sort=first.get("sort", ""),
        page=min(max(number, 1), LAST_PAGE),
        literally=first.get("exact", "") == "1",
    )
