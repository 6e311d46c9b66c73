"""What the database is asked, for tests of what an answer costs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from contentlib.core.db import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)
