import errno
import io
import os
import resource
import signal
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contentlib.storage import (
    Storage,
    StorageError,
    StorageFull,
    UploadTooLarge,
    clear_staging,
    open_storage,
    promote,
    receive,
)


@pytest.fixture
def store(tmp_path: Path) -> Storage:
    return open_storage(f"file:{tmp_path}/store")


class Endless:
    """A sender that never stops, and may hang up after some blocks."""

    def __init__(self, blocks: int, then: BaseException | None = None) -> None:
        self.blocks, self.then = blocks, then

    def read(self, size: int, /) -> bytes:
        if self.blocks == 0 and self.then:
            raise self.then
        self.blocks -= 1
        return b"x" * size if self.blocks >= 0 else b""


@pytest.mark.parametrize("url", ["", "file:", "s4://bucket", "var/files", "ftp:var/files"])
def test_an_unknown_store_is_an_error_at_once(url: str):
    with pytest.raises(StorageError):
        open_storage(url)


def test_a_folder_may_be_relative_or_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    store = open_storage("file:var/files")
    monkeypatch.chdir("/")
    promote(store, receive(store, io.BytesIO(b"x")))
    assert (tmp_path / "var/files/objects").is_dir()
    assert list(open_storage(f"file://{tmp_path}/var/files").find())


def test_a_folder_that_cannot_be_made_is_an_error_at_once(tmp_path: Path):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(StorageError):
        open_storage(f"file:{tmp_path}/taken")


def test_others_on_the_machine_cannot_look_into_the_store(store: Storage):
    kept = promote(store, receive(store, io.BytesIO(b"x")))
    folder = store.staging.parent
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / kept.key).parent.stat().st_mode & 0o077 == 0


def test_too_many_bytes_are_refused_without_reading_them_all(store: Storage):
    sender = Endless(blocks=1_000_000)
    with pytest.raises(UploadTooLarge):
        receive(store, sender, limit=3_000_000)
    assert sender.blocks > 999_990
    assert list(store.staging.iterdir()) == []


def test_a_sender_that_hangs_up_leaves_nothing_and_hears_its_own_error(store: Storage):
    with pytest.raises(ConnectionResetError):
        receive(store, Endless(blocks=3, then=ConnectionResetError()))
    assert list(store.staging.iterdir()) == []


def test_a_large_upload_needs_little_memory(store: Storage):
    tracemalloc.start()
    try:
        promote(store, receive(store, Endless(blocks=64)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def test_a_write_the_system_refuses_is_said_plainly_and_loses_nothing(store: Storage):
    """The refusal is real: the process's own limit for the size of a file."""
    kept = promote(store, receive(store, io.BytesIO(b"kept before")))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        with pytest.raises(StorageError):
            receive(store, Endless(blocks=8))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert list(store.staging.iterdir()) == []
    with store.open(kept.key) as stream:
        assert stream.read() == b"kept before"


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_no_space_left_becomes_storage_full(
    store: Storage, monkeypatch: pytest.MonkeyPatch, call: str
):
    def refuse(*_args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StorageFull):
        receive(store, io.BytesIO(b"x"))
    monkeypatch.undo()
    assert list(store.staging.iterdir()) == []


def test_a_failed_fsync_gives_the_bytes_up(store: Storage, monkeypatch: pytest.MonkeyPatch):
    received = receive(store, io.BytesIO(b"x"))

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError):
        promote(store, received)
    monkeypatch.undo()
    assert not received.path.exists()
    assert list(store.find()) == []


KILLED_WHILE_RECEIVING = """
import os, sys, signal
from contentlib.storage import open_storage, promote, receive

class Sender:
    left = 3
    def read(self, size):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"x" * size

store = open_storage(sys.argv[1])
promote(store, receive(store, Sender()))
"""


def test_killed_in_the_middle_only_staging_garbage_remains(store: Storage):
    url = f"file:{store.staging.parent}"
    command = [sys.executable, "-c", KILLED_WHILE_RECEIVING, url]
    ended = subprocess.run(command, check=False, env={"PYTHONPATH": os.pathsep.join(sys.path)})
    assert ended.returncode == -signal.SIGKILL
    assert list(store.find()) == []
    assert len(list(store.staging.iterdir())) == 1

    now = datetime.now(UTC)
    assert clear_staging(store, before=now - timedelta(hours=1)) == 0
    assert clear_staging(store, before=now + timedelta(hours=1)) == 1
    assert list(store.staging.iterdir()) == []
