"""Where the bytes of an upload come down until they are kept: on this machine, or in the store.

A landing knows plain facts of its upload and no row, so that no transaction is open while it asks
the store.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from contentlib.core.errors import N_
from contentlib.core.failpoints import reached
from contentlib.extraction.sniff import head_tells
from contentlib.receiving import parts
from contentlib.receiving.models import Upload, Way
from contentlib.storage import (
    DirectStorage,
    ObjectDamaged,
    ObjectMissing,
    Part,
    Received,
    Signed,
    Storage,
    StorageError,
    object_key,
    promote,
)
from contentlib.storage.errors import translated_errors
from contentlib.storage.keys import INCOMING

BLOCK = 2**20
OTHER_BYTES = N_("The file did not arrive as it was sent. It is sent again.")


class Landing(Protocol):
    """What the steps of an upload need of the place where its bytes are."""

    def length(self) -> int:
        """Return how many bytes are there from the beginning on, and need not be sent again."""
        ...

    def gather(self) -> Received:
        """Read the whole, and give as a file of this machine what tells its kind.

        Only asked when all of it is there.
        """
        ...

    def keep(self, sha256: str) -> None:
        """Put the whole under the key of its hash, unless it is there."""
        ...

    def forget(self) -> None:
        """Remove what is left; what cannot be removed now, tidying removes."""
        ...


class OnMachine:
    """The parts come through the application and are put together in a file of this machine."""

    def __init__(self, storage: Storage, upload: Upload) -> None:
        self._storage, self._size, self._received = storage, upload.size, upload.received
        self._key = key_of(upload.id) if upload.way is not Way.APPLICATION else None
        self.path = path_of(storage, upload.id)

    def length(self) -> int:
        """Return what was answered, unless this machine does not have it.

        Another one received it, or somebody tidied up: then the file is sent anew.
        """
        return self._received if parts.length_of(self.path) >= self._received else 0

    def gather(self) -> Received:
        """Hash the file."""
        return Received(self.path, parts.hash_of(self.path), self._size)

    def keep(self, sha256: str) -> None:
        """Hand the file over; it may be gone, if this was done before."""
        if self.path.exists():
            promote(self._storage, Received(self.path, sha256, self._size))

    def forget(self) -> None:
        """Remove the file, and what came into the store before the upload was diverted."""
        self.path.unlink(missing_ok=True)
        if self._key and self._storage.direct:
            discard(self._storage.direct, self._key)


class InStore:
    """Browsers put the parts straight into the store; here it is read once, and never believed."""

    def __init__(self, storage: Storage, direct: DirectStorage, upload: Upload) -> None:
        self._storage, self._direct, self._size = storage, direct, upload.size
        self._key, self._path = key_of(upload.id), path_of(storage, upload.id)
        self._begun, self._checksums = upload.begun, upload.checksums

    def length(self) -> int:
        """Ask the store which parts came, in a row and of the right size."""
        if self._begun is None:
            return 0
        if self._is_whole():
            return self._size
        there, came = self._there() or {}, 0
        for part in self._parts():
            if there.get(part.number) != part.size:
                break
            came += part.size
        return came

    def expect(self, part: Part) -> str:
        """Let the store expect parts, unless it does already; return its name of what it began.

        With the first part that is looked at: the store too forgets what stood still for long.
        """
        if self._begun is None or (part.number == 1 and self._there() is None):
            self._begun = self._direct.begin(self._key)
            reached("store.begun")
        return self._begun

    @property
    def part_size(self) -> int:
        """Return how many bytes a part has, but for the last one."""
        return self._direct.part_size(self._size)

    def part_at(self, at: int, sha256: bytes) -> Part | None:
        """Return the part that begins at a place, if one does."""
        begins = 0 <= at < self._size and at % self.part_size == 0
        return self._part(at, sha256) if begins else None

    def sign(self, part: Part) -> Signed:
        """Return where the browser puts a part."""
        return self._direct.sign(self._key, self._begun or "", part)

    def gather(self) -> Received:
        """Put the parts together and read the whole, part by part, as each was announced."""
        if not self._is_whole():
            self._direct.assemble(self._key, self._begun or "", list(self._parts()))
            reached("assembled")
        try:
            sha256 = self._read()
        except BaseException:
            # On a disk that is full, what was read of it would be in the way of everything else.
            self._path.unlink(missing_ok=True)
            raise
        reached("gathered")
        return Received(self._path, sha256, self._size)

    def keep(self, sha256: str) -> None:
        """Let the store copy what was found good: nothing can change it any more."""
        known = self._storage.stat(object_key(sha256))
        if known is None or known.size != self._size:
            self._direct.copy(self._key, object_key(sha256), size=self._size)
            reached("copied")

    def forget(self) -> None:
        """Remove what came into the store, and what was read of it."""
        self._path.unlink(missing_ok=True)
        discard(self._direct, self._key)

    def _there(self) -> dict[int, int] | None:
        """Return the sizes of the parts that came, or None where none are expected any more."""
        try:
            return self._direct.parts(self._key, self._begun or "")
        except ObjectMissing:
            return None

    def _is_whole(self) -> bool:
        found = self._storage.stat(self._key)
        return found is not None and found.size == self._size

    def _read(self) -> str:
        """Return the hash of what the store has, if all is as announced; write what tells its kind.

        A gigabyte of video would be written to the disk for nothing: its first block says it all.
        """
        whole, path, head = hashlib.sha256(), self._path, b""
        with self._storage.open(self._key) as source, translated_errors(), path.open("wb") as file:
            for part in self._parts():
                came = hashlib.sha256()
                for block in _blocks(source, part.size):
                    whole.update(block)
                    came.update(block)
                    head = head or block
                    if block is head or not head_tells(head):
                        file.write(block)
                if came.digest() != part.sha256:
                    raise ObjectDamaged(OTHER_BYTES)
        return whole.hexdigest()

    def _parts(self) -> Iterator[Part]:
        for at in range(0, self._size, self.part_size):
            part = self._part(at, b"")
            yield replace(part, sha256=bytes.fromhex(self._checksums.get(str(part.number), "")))

    def _part(self, at: int, sha256: bytes) -> Part:
        size = self.part_size
        return Part(at // size + 1, min(size, self._size - at), sha256)


def landing_of(storage: Storage, upload: Upload) -> Landing:
    """Return where the bytes of an upload come down."""
    return in_store(storage, upload) or OnMachine(storage, upload)


def in_store(storage: Storage, upload: Upload) -> InStore | None:
    """Return the place in the store of an upload that goes straight there."""
    if upload.way is not Way.STORE or storage.direct is None:
        return None
    return InStore(storage, storage.direct, upload)


def discard(direct: DirectStorage, key: str) -> None:
    """Remove what came under a key, if the store can be asked just now."""
    with suppress(StorageError):
        direct.discard(key)
        reached("discarded")


def key_of(upload_id: str) -> str:
    """Return where in the store the parts of an upload come down."""
    return f"{INCOMING}{upload_id}"


def path_of(storage: Storage, upload_id: str, ending: str = "part") -> Path:
    """Return where an upload is put together on this machine."""
    return storage.staging / f"{upload_id}.{ending}"


def _blocks(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (block := source.read(min(size, BLOCK))):
        size -= len(block)
        yield block
