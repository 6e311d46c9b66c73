"""Copying everything from one store to another, so that what is there can be trusted."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from contentlib.core.errors import N_
from contentlib.storage.backend import Storage, StoredObject
from contentlib.storage.errors import StorageError
from contentlib.storage.keys import sha256_of
from contentlib.storage.receive import as_file, hash_of

# Most of the time of a small object is waiting for answers of a server.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of one object: copied, there already, or why not."""

    object: StoredObject
    was_there: bool = False
    error: StorageError | None = None


def copy_all(
    source: Storage, target: Storage, objects: list[StoredObject], *, deep: bool = False
) -> Iterator[Copied]:
    """Copy objects and read each back; those there with the same size are left alone.

    `deep` reads those too. What fails is told and does not keep the others from being copied.
    """
    there = {item.key: item.size for item in target.find()}

    def copy(item: StoredObject) -> Copied:
        try:
            if there.get(item.key) == item.size and not (deep and _differs(source, target, item)):
                return Copied(item, was_there=True)
            _copy(source, target, item)
        except StorageError as error:
            return Copied(item, error=error)
        return Copied(item)

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for done in as_completed([pool.submit(copy, item) for item in objects]):
            yield done.result()
    finally:
        # Who interrupts this waits for what is under way, and begins nothing more.
        pool.shutdown(cancel_futures=True)


def _copy(source: Storage, target: Storage, item: StoredObject) -> None:
    """Copy one object; bytes that arrived otherwise are taken away again."""
    with as_file(source, item.key) as path:
        expected = _hash_of_file(path)
        target.put(item.key, path)
    if hash_of(target, item.key) != expected:
        target.delete(item.key)
        raise StorageError(N_("The store gave back other bytes than it was given."))


def _differs(source: Storage, target: Storage, item: StoredObject) -> bool:
    expected = sha256_of(item.key) or hash_of(source, item.key)
    return hash_of(target, item.key) != expected


def _hash_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
