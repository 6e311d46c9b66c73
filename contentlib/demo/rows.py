"""Putting very many rows in at once, numbered beforehand so that rows can name each other."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text

from contentlib.core.db import Base, db

CHUNK = 2000


class Rows:
    """Collects rows of one table; `flush` inserts them by the thousand, in the order given."""

    def __init__(self, model: type[Base] | Table) -> None:
        self.table = cast(Table, model if isinstance(model, Table) else model.__table__)
        self.numbered = "id" in self.table.c and self.table.c.id.type.python_type is int
        self.next_number = self._highest() + 1
        self.added = 0
        self._waiting: list[Mapping[str, Any]] = []

    def _highest(self) -> int:
        highest = db.session.scalar(select(func.max(self.table.c.id))) if self.numbered else 0
        return highest or 0

    def add(self, **values: Any) -> int:
        """Add a row and return its number, which is its id where the table has such."""
        number = self.next_number
        self.next_number += 1
        self.added += 1
        self._waiting.append({"id": number, **values} if self.numbered else values)
        return number

    @property
    def many(self) -> bool:
        """Whether enough are waiting to be worth a statement."""
        return len(self._waiting) >= CHUNK

    def flush(self) -> None:
        """Insert what is waiting."""
        for start in range(0, len(self._waiting), CHUNK):
            db.session.execute(insert(self.table), self._waiting[start : start + CHUNK])
        self._waiting = []

    def finish(self) -> None:
        """Insert the rest and let the database count on from here."""
        self.flush()
        if self.numbered and db.engine.dialect.name == "postgresql":
            db.session.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": self.table.name, "last": max(self._highest(), 1)},
            )
