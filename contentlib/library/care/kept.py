"""Which rows the objects of the store belong to."""

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.library.models import Blob
from contentlib.storage import StoredObject

AT_ONCE = 500


def owner_of(key: str) -> str | None:
    """Return the hash of the bytes that an object is, or is made of; None for keys not ours."""
    match key.split("/"):
        case ["objects", _, sha256] | ["previews", sha256, *_]:
            return sha256
        case _:
            return None


def rows_of(hashes: Iterable[str]) -> set[str]:
    """Return those of some hashes that have a row."""
    rest, found = iter(hashes), set[str]()
    while some := list(islice(rest, AT_ONCE)):
        found.update(db.session.scalars(select(Blob.sha256).where(Blob.sha256.in_(some))))
    return found


def without_row(objects: Iterable[StoredObject]) -> Iterator[StoredObject]:
    """Give those of some objects that are of our making and that no row speaks of."""
    ours = [(item, owner) for item in objects if (owner := owner_of(item.key)) is not None]
    kept = rows_of({owner for _, owner in ours})
    return (item for item, owner in ours if owner not in kept)
