"""Long lists in pages whose number is in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from contentlib.core.db import db

LARGEST_PAGE = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, where it stands and how many rows there are in all."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page, 1 for an empty list."""
        return max(1, -(-self.total // self.size))


def page_number(text: str | None) -> int:
    """Read a page number from an address; anything that is none means the first page."""
    return min(max(int(text), 1), 10**6) if text and text.isdecimal() and len(text) < 8 else 1


def paginate(statement: Select[Any], *, number: int, size: int = 50) -> Page[Any]:
    """Run a statement for one page of its first column, and count all its rows."""
    size = min(size, LARGEST_PAGE)
    counted = statement.order_by(None).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    number = min(number, max(1, -(-total // size)))
    rows = db.session.scalars(statement.limit(size).offset((number - 1) * size)).all()
    return Page(rows=rows, number=number, size=size, total=total)
