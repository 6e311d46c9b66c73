"""What a reader inside the sandbox hands to its caller, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from contentlib.extraction.result import State

MOST_CHARACTERS = 3_000_000
MOST_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Document:
    """A file being read: `pages` is lazy, so that what was read survives a later stop."""

    pages: Iterator[str]
    page_count: int | None = None
    empty_detail: str = ""
    meta: dict[str, str | int | float] = field(default_factory=dict)


class Unreadable(Exception):
    """The reader knows why there is nothing to read."""

    def __init__(self, state: State, detail: str) -> None:
        super().__init__(detail)
        self.state, self.detail = state, detail
