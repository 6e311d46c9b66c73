"""Adding what somebody said exactly once, however often the same form arrives."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contentlib.core.db import db
from contentlib.core.ids import new_token

LONGEST_KEY = 80
T = TypeVar("T")


def add_once(row: T) -> tuple[T, bool]:
    """Add a row under its key; the same key again gives the row it made before, and False.

    Two at once are told apart by the database: the second finds what the first has written.
    """
    said: Any = row
    said.key = (said.key or new_token())[:LONGEST_KEY]
    earlier = _said_before(row)
    if earlier is not None:
        return earlier, False
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        earlier = _said_before(row)
        if earlier is None:
            raise
        return earlier, False
    return row, True


def _said_before(row: T) -> T | None:
    kind: Any = type(row)
    said: Any = row
    same = select(kind).where(kind.by_id == said.by_id, kind.key == said.key)
    with db.session.no_autoflush:
        return db.session.scalars(same).first()
