"""Addresses by which browsers send parts to a bucket: each takes these bytes there, or nothing."""

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from contentlib.storage import ObjectMissing, Part, Storage, StorageError, open_storage, s3_direct
from contentlib.storage.direct import PART_SECONDS, DirectStorage
from contentlib.storage.s3_direct import CHECKSUM
from tests.real.putting import put
from tests.real.s3_server import S3Server
from tests.real.swift import swift
from tests.storage.tampering import changed

SMALLEST = 5 * 2**20
KEY = "incoming/one"
SITE = "https://contentlib.example.com"


@pytest.fixture
def store(s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    monkeypatch.setattr(s3_direct, "PART", SMALLEST)
    return open_storage(s3_server.url(prefix=tmp_path.name, staging=str(tmp_path)))


@pytest.fixture
def direct(store: Storage) -> Iterator[DirectStorage]:
    assert store.direct is not None
    yield store.direct
    store.direct.discard(KEY)


def part(content: bytes, number: int = 1) -> Part:
    return Part(number, len(content), hashlib.sha256(content).digest())


def send(direct: DirectStorage, begun: str, content: bytes, number: int = 1) -> int:
    signed = direct.sign(KEY, begun, part(content, number))
    return put(signed.address, dict(signed.headers), content)


def test_parts_become_one_object_and_its_copy_the_same_bytes(
    store: Storage, direct: DirectStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_direct, "SLICE", SMALLEST)
    contents = [os.urandom(SMALLEST), os.urandom(SMALLEST), b"the rest"]
    begun = direct.begin(KEY)
    # In any order; what came is known by asking.
    for number in (2, 3, 1):
        assert send(direct, begun, contents[number - 1], number) == 200
    assert direct.parts(KEY, begun) == {1: SMALLEST, 2: SMALLEST, 3: 8}
    assert store.stat(KEY) is None
    direct.assemble(KEY, begun, [part(content, n) for n, content in enumerate(contents, 1)])
    direct.copy(KEY, "objects/copy", size=2 * SMALLEST + 8)
    for key in (KEY, "objects/copy"):
        with store.open(key) as stream:
            assert stream.read() == b"".join(contents)


@pytest.mark.parametrize("size", [1, SMALLEST])
def test_an_object_of_one_part_is_copied_too(
    store: Storage, direct: DirectStorage, size: int
) -> None:
    content = os.urandom(size)
    begun = direct.begin(KEY)
    assert send(direct, begun, content) == 200
    direct.assemble(KEY, begun, [part(content)])
    direct.copy(KEY, "objects/copy", size=size)
    with store.open("objects/copy") as stream:
        assert stream.read() == content


@pytest.mark.parametrize(
    "tamper",
    [
        lambda address: address.replace("incoming/one", "objects/ab/abcd"),
        lambda address: address.replace("incoming/one", "previews/ab/1.webp"),
        lambda address: address.replace("incoming/one", "incoming/two"),
        lambda address: address.replace("incoming/one", "incoming/../objects/one"),
        changed("partNumber", "2"),
        changed("uploadId", "another"),
        changed("X-Amz-Expires", "604800"),
        changed("X-Amz-SignedHeaders", "host"),
        changed("X-Amz-Signature", "0" * 64),
        lambda address: f"{address}&x-id=more",
    ],
    ids=["object", "preview", "other", "dots", "number", "upload", "expiry", "headers", "sig", "+"],
)
def test_an_altered_address_is_refused_and_writes_nothing(
    store: Storage, direct: DirectStorage, tamper: Callable[[str], str]
) -> None:
    begun, content = direct.begin(KEY), b"content"
    signed = direct.sign(KEY, begun, part(content))
    assert tamper(signed.address) != signed.address
    assert put(tamper(signed.address), dict(signed.headers), content) in (403, 404)
    assert direct.parts(KEY, begun) == {}
    assert list(store.find()) == []


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"c0ntent", None),
        (b"c0ntent", b"c0ntent"),
        (b"content and more", None),
        (b"conten", None),
        (b"content", b""),
    ],
    ids=["other bytes", "other bytes and checksum", "longer", "shorter", "no checksum"],
)
def test_other_bytes_than_were_announced_are_refused(
    direct: DirectStorage, content: bytes, headers: bytes | None
) -> None:
    begun = direct.begin(KEY)
    signed = direct.sign(KEY, begun, part(b"content"))
    told = dict(signed.headers)
    if headers is not None:
        told = {CHECKSUM: base64.b64encode(hashlib.sha256(headers).digest()).decode()}
    if headers == b"":
        told = {}
    assert put(signed.address, told, content) in (400, 403)
    assert direct.parts(KEY, begun) == {}


def test_an_address_of_a_part_does_nothing_else(store: Storage, direct: DirectStorage) -> None:
    begun = direct.begin(KEY)
    assert send(direct, begun, b"content") == 200
    signed = direct.sign(KEY, begun, part(b"content"))
    for method in ("GET", "HEAD", "DELETE", "POST"):
        assert put(signed.address, dict(signed.headers), b"content", method) >= 400, method
    assert direct.parts(KEY, begun) == {1: 7}


def test_an_address_is_good_for_some_minutes(direct: DirectStorage) -> None:
    assert PART_SECONDS <= 300
    begun, now = direct.begin(KEY), datetime.now(UTC)
    with time_machine.travel(now - timedelta(seconds=PART_SECONDS + 1)):
        over = direct.sign(KEY, begun, part(b"content"))
    with time_machine.travel(now - timedelta(seconds=PART_SECONDS - 60)):
        nearly_over = direct.sign(KEY, begun, part(b"content"))
    assert put(over.address, dict(over.headers), b"content") == 403
    assert direct.parts(KEY, begun) == {}
    assert put(nearly_over.address, dict(nearly_over.headers), b"content") == 200


def test_an_address_used_again_changes_nothing_and_after_its_end_is_refused(
    store: Storage, direct: DirectStorage
) -> None:
    begun = direct.begin(KEY)
    first, other = part(b"content"), part(b"c0ntent")
    signed, late = direct.sign(KEY, begun, first), direct.sign(KEY, begun, other)
    for _ in range(2):
        assert put(signed.address, dict(signed.headers), b"content") == 200
    direct.assemble(KEY, begun, [first])
    # Swift takes a part even now, but no reader ever gets other bytes than were put together.
    put(late.address, dict(late.headers), b"c0ntent")
    with suppress(StorageError), store.open(KEY) as stream:
        assert stream.read() == b"content"
    with suppress(StorageError):
        direct.copy(KEY, "objects/copy", size=7)
        with store.open("objects/copy") as stream:
            assert stream.read() == b"content"
    direct.discard(KEY)
    assert put(signed.address, dict(signed.headers), b"content") == 404
    assert store.stat(KEY) is None


def test_a_part_that_is_missing_or_another_is_not_put_together(
    store: Storage, direct: DirectStorage
) -> None:
    begun = direct.begin(KEY)
    send(direct, begun, b"content")
    for parts in ([part(b"content"), part(b"absent", 2)], [part(b"absent", 2)]):
        with pytest.raises(StorageError):
            direct.assemble(KEY, begun, parts)
    assert store.stat(KEY) is None


def test_what_is_discarded_leaves_nothing_whatever_it_was(
    store: Storage, direct: DirectStorage
) -> None:
    first, second = direct.begin(KEY), direct.begin(KEY)
    neighbour = direct.begin(f"{KEY}-and-more")
    send(direct, first, b"content")
    assert {key for key, _ in direct.begun("incoming/")} == {KEY, f"{KEY}-and-more"}
    begun = dict(direct.begun("incoming/"))[KEY]
    assert abs(begun - datetime.now(UTC)) < timedelta(minutes=1)
    direct.discard(KEY)
    assert [key for key, _ in direct.begun("incoming/")] == [f"{KEY}-and-more"]
    with pytest.raises(ObjectMissing):
        direct.parts(KEY, second)
    direct.discard(KEY)
    direct.discard(f"{KEY}-and-more")
    with pytest.raises(ObjectMissing):
        direct.parts(f"{KEY}-and-more", neighbour)


def test_an_address_signed_with_a_wrong_secret_is_refused(
    s3_server: S3Server, direct: DirectStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = direct.begin(KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    forged = open_storage(s3_server.url(prefix=tmp_path.name, staging=str(tmp_path))).direct
    assert forged is not None
    assert send(forged, begun, b"content") == 403


def test_a_bucket_may_be_kept_from_browsers(s3_server: S3Server, tmp_path: Path) -> None:
    assert open_storage(s3_server.url(staging=str(tmp_path), direct="no")).direct is None


def test_large_files_have_no_more_parts_than_the_store_takes(direct: DirectStorage) -> None:
    size = direct.part_size(10**12)
    assert size > s3_direct.LARGE_PART
    assert 10**12 / size <= s3_direct.MOST_PARTS


def test_a_part_is_a_small_share_of_a_large_file(direct: DirectStorage) -> None:
    assert direct.part_size(32 * SMALLEST) == SMALLEST
    assert direct.part_size(32 * SMALLEST + 1) == SMALLEST + 1
    assert direct.part_size(10**11) == s3_direct.LARGE_PART


def test_the_store_is_asked_whom_it_lets_in(direct: DirectStorage, tmp_path: Path) -> None:
    assert direct.lets_in(SITE)
    with swift(tmp_path / "s3", lets_in=SITE) as server:
        strict = open_storage(server.url(staging=str(tmp_path))).direct
        assert strict is not None
        assert strict.lets_in(SITE)
        assert not strict.lets_in("https://other.example.com")
    # By now nobody answers there.
    with pytest.raises(StorageError):
        strict.lets_in(SITE)
