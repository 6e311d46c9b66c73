"""Receiving an upload: never half a file under a key, never more than a block in memory."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from contentlib.core.errors import N_
from contentlib.storage.backend import Storage, StoredObject
from contentlib.storage.errors import ObjectDamaged, UploadTooLarge, translated_errors
from contentlib.storage.keys import object_key, sha256_of, valid_key

_BLOCK = 1024 * 1024


DAMAGED = N_(
    "This file is no longer as it was sent: its bytes have changed in the store."
    " An administrator can look with contentlib fsck --deep."
)


class Readable(Protocol):
    """Anything with bytes to read: a request's body, a file of a form, an open object."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """An upload that is complete on disk but not yet kept; `size` in bytes."""

    path: Path
    sha256: str
    size: int

    def discard(self) -> None:
        """Remove it, when it was refused after all."""
        self.path.unlink(missing_ok=True)


def receive(storage: Storage, stream: Readable, *, limit: int | None = None) -> Received:
    """Write a stream to the staging area and onto the disk, hashing on the way.

    More than `limit` bytes raise `UploadTooLarge`; whatever goes wrong, no file stays behind.
    """
    path = storage.staging / uuid4().hex
    try:
        sha256, size = _write(stream, path, limit)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path=path, sha256=sha256, size=size)


def promote(storage: Storage, received: Received) -> StoredObject:
    """Keep a received file under the key of its hash; the same bytes are kept once."""
    key = object_key(received.sha256)
    known = storage.stat(key)
    if known is not None and known.size == received.size:
        received.discard()
        return known
    return storage.put(key, received.path)


def put_stream(storage: Storage, key: str, stream: Readable) -> StoredObject:
    """Keep a stream under a chosen key, replacing what was there."""
    valid_key(key)
    return storage.put(key, receive(storage, stream).path)


@contextmanager
def as_file(storage: Storage, key: str) -> Iterator[Path]:
    """Lend an object as a local file, for readers that need a path; it is gone afterwards.

    Bytes that are not those which the key names raise `ObjectDamaged` instead of being read.
    """
    path = storage.staging / uuid4().hex
    try:
        digest = hashlib.sha256()
        with storage.open(key) as source, translated_errors(), path.open("xb") as target:
            while block := source.read(_BLOCK):
                digest.update(block)
                target.write(block)
        if sha256_of(key) not in (None, digest.hexdigest()):
            raise ObjectDamaged(DAMAGED)
        yield path
    finally:
        path.unlink(missing_ok=True)


def hash_of(storage: Storage, key: str) -> str:
    """Read an object and return the SHA-256 of what the store gives back."""
    digest = hashlib.sha256()
    with storage.open(key) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def clear_staging(storage: Storage, *, before: datetime) -> int:
    """Remove what interrupted uploads left behind and return how many files that were."""
    removed = 0
    with translated_errors():
        for path in storage.staging.iterdir():
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _write(stream: Readable, path: Path, limit: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with translated_errors():
        target = path.open("xb", buffering=0)
    with target:
        while block := stream.read(_BLOCK):
            size += len(block)
            if limit is not None and size > limit:
                raise UploadTooLarge(
                    N_("This file is larger than the %(megabytes)d MB allowed for one file."),
                    megabytes=limit // 1_000_000,
                )
            digest.update(block)
            with translated_errors():
                _write_all(target.fileno(), block)
        with translated_errors():
            os.fsync(target.fileno())
    return digest.hexdigest(), size


def _write_all(descriptor: int, block: bytes) -> None:
    """Write every byte: one call may write fewer than it was given."""
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
