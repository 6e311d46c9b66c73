"""The seam: what every store can do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from contentlib.storage.direct import DirectStorage

ADDRESS_SECONDS = 60
"""How long a store's own address of an object is good: who may see it is decided that often."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object as the store knows it; `size` in bytes, `modified` aware and in UTC."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Presented:
    """How a browser is to take an object: what it is, shown or saved, kept by whom."""

    content_type: str
    disposition: str
    cache_control: str


class Storage(Protocol):
    """Keeps bytes under keys; every method raises only `StorageError`s.

    `staging` is a local folder for files still being received. It lies where `put` can take a
    finished file over without copying it, if the store has such a place.
    """

    @property
    def staging(self) -> Path:
        """Return the folder for files still being received."""
        ...

    def put(self, key: str, file: Path) -> StoredObject:
        """Take over a finished local file; once this returns, the bytes survive a power cut."""
        ...

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open for reading, from byte `start` and for at most `length` bytes."""
        ...

    def stat(self, key: str) -> StoredObject | None:
        """Return what is known of an object, or None when there is none."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; removing an absent one is no error."""
        ...

    def address(
        self, key: str, shown: Presented, *, method: Literal["GET", "HEAD"] = "GET"
    ) -> str | None:
        """Return where a browser gets an object for `ADDRESS_SECONDS`, presented so and no other
        way; None from a store that browsers do not reach.
        """
        ...

    @property
    def origin(self) -> str:
        """Return what every `address` begins with, as a page's policy names it; or nothing."""
        ...

    @property
    def direct(self) -> DirectStorage | None:
        """Return what receives files straight from browsers; None from a store that does not."""
        ...

    def find(self, prefix: str = "") -> Iterator[StoredObject]:
        """Walk over the objects whose key begins with `prefix`, in no promised order."""
        ...
