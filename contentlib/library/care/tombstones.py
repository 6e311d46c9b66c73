"""What is to become of objects that no row speaks of, decided by one row a key.

An object without a row is marked; after a grace period it is condemned, and then removed. Who is
about to keep the same bytes claims the key first. Both sides change the one row of the key, each by
one statement, so that whichever comes second sees what the first has decided.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import String, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, choice, db
from contentlib.core.errors import N_, Unavailable
from contentlib.library.care.kept import owner_of, rows_of
from contentlib.library.models import Blob

GRACE = timedelta(hours=24)
CLAIM = timedelta(hours=24)
"""How long a claimed key waits for its row, an upload that is interrupted and resumed included."""

LEASE = timedelta(minutes=15)
"""How long a condemned key belongs to who removes it; if that worker died, it is free then."""

IN_HAND = timedelta(minutes=5)
"""How long after condemning a key its removal may begin: the store may take three minutes more."""


class Fate(StrEnum):
    """What is to become of an object."""

    MARKED = "marked"
    DELETING = "deleting"
    WANTED = "wanted"


class ObjectTombstone(Base):
    """The fate of one key of the store, and since when."""

    __tablename__ = "object_tombstone"

    key: Mapped[str] = mapped_column(String(512), primary_key=True)
    since: Mapped[datetime]
    state: Mapped[Fate] = mapped_column(choice(Fate, 10))


class BeingRemoved(Unavailable):
    """These bytes are being removed at this moment, since nothing spoke of them for days."""


def reclaim(key: str) -> None:
    """Claim a key for bytes about to be kept, and clear its tombstone.

    Commit this before looking whether the store has the bytes already; then none are removed for a
    day, in which their row must be written. Raises `BeingRemoved` while a worker has them in hand.
    """
    moment = now()
    statement = (
        _insert()
        .values(key=key, since=moment, state=Fate.WANTED)
        .on_conflict_do_update(
            index_elements=[ObjectTombstone.key],
            set_={"since": moment, "state": Fate.WANTED},
            where=or_(
                ObjectTombstone.state != Fate.DELETING, ObjectTombstone.since < moment - LEASE
            ),
        )
        .returning(ObjectTombstone.key)
    )
    if db.session.scalar(statement) is None:
        raise BeingRemoved(
            N_("The store is just removing an old copy of this file. Send it again in a minute.")
        )


def mark(keys: Iterable[str]) -> None:
    """Begin the grace period of objects without a row; what is marked or claimed stays so."""
    moment = now()
    rows = [{"key": key, "since": moment, "state": Fate.MARKED} for key in keys]
    if rows:
        db.session.execute(_insert().on_conflict_do_nothing(), rows)


def tidy() -> None:
    """Forget claims that are over, and the marks of objects that have got a row."""
    moment = now()
    db.session.execute(
        delete(ObjectTombstone).where(
            ObjectTombstone.state == Fate.WANTED, ObjectTombstone.since < moment - CLAIM
        )
    )
    free = or_(ObjectTombstone.state == Fate.MARKED, _abandoned(moment))
    keys = db.session.scalars(select(ObjectTombstone.key).where(free)).all()
    kept = rows_of(filter(None, map(owner_of, keys)))
    for key in keys:
        if owner_of(key) in kept:
            db.session.execute(delete(ObjectTombstone).where(ObjectTombstone.key == key, free))


def condemn(most: int) -> int:
    """Give keys whose grace is over to who removes them; count them."""
    moment = now()
    due = or_(
        (ObjectTombstone.state == Fate.MARKED) & (ObjectTombstone.since <= moment - GRACE),
        _abandoned(moment),
    )
    oldest = select(ObjectTombstone.key).where(due).order_by(ObjectTombstone.since).limit(most)
    return sum(_condemn(key, due, moment) for key in db.session.scalars(oldest).all())


def condemned() -> Sequence[tuple[str, datetime]]:
    """Return the keys that are to be removed, each with the moment it was condemned."""
    statement = select(ObjectTombstone.key, ObjectTombstone.since)
    rows = db.session.execute(statement.where(ObjectTombstone.state == Fate.DELETING))
    return [(key, since) for key, since in rows]


def forget(keys: Collection[str]) -> None:
    """Take away the tombstones of objects that are gone."""
    for key in keys:
        db.session.execute(
            delete(ObjectTombstone).where(
                ObjectTombstone.key == key, ObjectTombstone.state == Fate.DELETING
            )
        )


def fates() -> dict[str, Fate]:
    """Return what has been decided of each key."""
    rows = db.session.execute(select(ObjectTombstone.key, ObjectTombstone.state))
    return {row.key: row.state for row in rows}


def _condemn(key: str, due: Any, moment: datetime) -> int:
    """Condemn one key, unless somebody claimed it or wrote its row in the meantime."""
    has_row = exists().where(Blob.sha256 == owner_of(key))
    changed = db.session.execute(
        update(ObjectTombstone)
        .where(ObjectTombstone.key == key, due, ~has_row)
        .values(state=Fate.DELETING, since=moment)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(changed, "rowcount", 0))


def _abandoned(moment: datetime) -> Any:
    """Tell of keys whose worker died before it had removed them."""
    return (ObjectTombstone.state == Fate.DELETING) & (ObjectTombstone.since < moment - LEASE)


def _insert() -> Any:
    """Return the INSERT of the database at hand, which knows what to do about a key it has."""
    dialect = db.session.get_bind().dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(ObjectTombstone)
