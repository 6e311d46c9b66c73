"""The file of an upload on this machine: parts are added to it, checked and on the disk.

What is longer than what was checked belongs to a part that somebody began and did not end; the next
part begins in its place.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.failpoints import reached
from contentlib.storage.errors import translated_errors

_BLOCK = 2**20


def length_of(path: Path) -> int:
    """Return how many bytes are there; none where there is no file yet."""
    return path.stat().st_size if path.exists() else 0


def add(path: Path, part: bytes | bytearray, *, at: int, sha256: bytes | None) -> None:
    """Write a part at its place, and return once it is on the disk.

    A part whose checksum is another one than its sender's is refused, and nothing is written.
    """
    if sha256 is not None and hashlib.sha256(part).digest() != sha256:
        raise Invalid(N_("A part of the file was changed on its way. It is sent again."))
    with translated_errors():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, at)
            reached("part.begun")
            _write_all(descriptor, part, at)
            reached("part.written")
            os.fsync(descriptor)
            reached("part.synced")
        finally:
            os.close(descriptor)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, which are on the disk before it is told."""
    with translated_errors(), path.open("rb") as stream:
        digest = hashlib.sha256()
        while block := stream.read(_BLOCK):
            digest.update(block)
        os.fsync(stream.fileno())
    return digest.hexdigest()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let nobody else work on an upload meanwhile; two tabs of one person may try.

    The system gives the right back of a process that dies.
    """
    with translated_errors():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        if not _locked(descriptor, path):
            raise Conflict(N_("This file is just being sent from another window."))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, path: Path) -> bool:
    """Take the lock of a file that still has its name: whoever had it takes the name away."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.stat(path).st_ino == os.fstat(descriptor).st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


def _write_all(descriptor: int, part: bytes | bytearray, at: int) -> None:
    """Write every byte: one call may write fewer than it was given."""
    rest = memoryview(part)
    while rest:
        written = os.pwrite(descriptor, rest, at)
        rest, at = rest[written:], at + written
