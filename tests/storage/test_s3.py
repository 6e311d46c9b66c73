"""What only a bucket can do wrong: its address, its credentials, the way to it."""

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contentlib.storage import ObjectMissing, StorageError, open_storage, put_stream
from contentlib.storage import s3 as module
from contentlib.storage.s3 import S3Storage
from contentlib.storage.s3_address import S3Address
from tests.real.certificate import own_certificate
from tests.real.faulty import Faults, faulty
from tests.real.s3_server import BUCKET, S3Server
from tests.real.swift import swift

SMALL_PART = 5 * 2**20
"""The smallest part that S3 takes, but for the last one."""


@pytest.fixture
def way(
    s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[S3Storage, Faults]]:
    """A store behind a way on which things go wrong, and is soon given up."""
    monkeypatch.setattr(module, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(module, "PART", SMALL_PART)
    with faulty(s3_server.endpoint) as (endpoint, faults):
        url = S3Server(endpoint).url(prefix=tmp_path.name, staging=f"{tmp_path}/receiving")
        yield S3Storage(S3Address.read(url)), faults


def large(store: S3Storage) -> Path:
    path = store.staging / "large"
    path.write_bytes(os.urandom(12 * 2**20))
    return path


def unfinished(store: S3Storage) -> list[str]:
    found = store._client.list_multipart_uploads(Bucket=store._address.bucket)
    return [upload["Key"] for upload in found.get("Uploads", ())]


def test_a_large_file_goes_in_parts_and_comes_back_whole(way: tuple[S3Storage, Faults]):
    store, _ = way
    path = large(store)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = store.put("objects/large", path)
    assert (kept.size, path.exists()) == (12 * 2**20, False)
    with store.open("objects/large") as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == digest
    with store.open("objects/large", start=SMALL_PART - 2, length=4) as stream:
        assert len(stream.read()) == 4


def test_a_server_that_is_busy_for_a_moment_is_asked_again(way: tuple[S3Storage, Faults]):
    store, faults = way
    faults.busy = 2
    put_stream(store, "a/b", io.BytesIO(b"content"))
    assert faults.connections > 2
    assert store.stat("a/b") is not None


def test_a_line_that_breaks_for_a_moment_costs_nothing(way: tuple[S3Storage, Faults]):
    store, faults = way
    faults.cut_after, faults.cuts = 2 * 2**20, 1
    kept = store.put("objects/large", large(store))
    assert kept.size == 12 * 2**20


@pytest.mark.parametrize(
    "fault",
    [{"busy": 1000}, {"hangs": True}, {"cut_after": 10 * 2**20, "cuts": 1000}, {"flip_at": 4000}],
    ids=["busy", "hanging", "reset after 10 MB", "a byte flipped"],
)
def test_what_did_not_arrive_whole_is_not_there_and_is_told(
    way: tuple[S3Storage, Faults], fault: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    store, faults = way
    monkeypatch.setattr(module, "PART", 11 * 2**20)
    path = large(store)
    for name, value in fault.items():
        setattr(faults, name, value)
    with pytest.raises(StorageError) as told:
        store.put("objects/large", path)
    assert not isinstance(told.value, ObjectMissing)
    for name in fault:
        setattr(faults, name, 0)
    assert store.stat("objects/large") is None
    # What was received is not lost by that: it can be sent again.
    assert store.put("objects/large", path).size == 12 * 2**20
    assert unfinished(store) == []


def test_wrong_credentials_and_a_missing_bucket_are_told(
    s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = s3_server.url(staging=str(tmp_path)).replace(BUCKET, "other-files")
    with pytest.raises(StorageError, match="no bucket"):
        put_stream(open_storage(elsewhere), "a/b", io.BytesIO(b"x"))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    store = open_storage(s3_server.url(staging=str(tmp_path)))
    for attempt in (lambda: store.stat("a/b"), lambda: store.open("a/b"), lambda: [*store.find()]):
        with pytest.raises(StorageError, match="credentials"):
            attempt()


def test_without_credentials_one_is_told_which_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    store = open_storage(f"s3:files?endpoint=http://127.0.0.1:9&staging={tmp_path}")
    with pytest.raises(StorageError, match="AWS_ACCESS_KEY_ID"):
        store.stat("a/b")


def test_an_own_certificate_is_trusted_when_it_is_named_and_not_otherwise(
    s3_server: S3Server, tmp_path: Path
):
    certificate = own_certificate(tmp_path / "server.pem")
    with swift(tmp_path / "server", certificate=certificate) as server:
        store = open_storage(server.url(staging=str(tmp_path / "receiving")))
        put_stream(store, "a/b", io.BytesIO(b"over TLS"))
        with store.open("a/b") as stream:
            assert stream.read() == b"over TLS"
        trusting_nobody = S3Server(server.endpoint).url(staging=str(tmp_path / "receiving"))
        with pytest.raises(StorageError):
            open_storage(trusting_nobody).stat("a/b")
