"""What every store promises; a new one joins by a line in `STORES`."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest

from contentlib.storage import (
    InvalidKey,
    ObjectDamaged,
    ObjectMissing,
    Part,
    Presented,
    Storage,
    as_file,
    open_storage,
    promote,
    put_stream,
    receive,
)
from tests.real.putting import put as put_to
from tests.real.s3_server import S3Server


def in_a_folder(_request: pytest.FixtureRequest, folder: Path) -> str:
    return f"file:{folder}/store"


def in_a_bucket(request: pytest.FixtureRequest, folder: Path) -> str:
    server: S3Server = request.getfixturevalue("s3_server")
    return server.url(prefix=f"of/{uuid4().hex}", staging=f"{folder}/receiving")


STORES = {"file": in_a_folder, "s3": in_a_bucket}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return open_storage(STORES[request.param](request, tmp_path))


def put(store: Storage, key: str, content: bytes) -> None:
    put_stream(store, key, io.BytesIO(content))


def test_bytes_come_back_as_they_were_put(store: Storage):
    content = bytes(range(256)) * 9_000
    put(store, "previews/ab/page-1.webp", content)
    with store.open("previews/ab/page-1.webp") as stream:
        assert stream.read() == content


def test_putting_again_replaces(store: Storage):
    put(store, "a/b", b"first, and longer")
    put(store, "a/b", b"second")
    with store.open("a/b") as stream:
        assert stream.read() == b"second"


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (0, 4, b"0123"),
        (3, 4, b"3456"),
        (7, None, b"789"),
        (8, 100, b"89"),
        (10, 5, b""),
        (99, None, b""),
        (2, 0, b""),
    ],
)
def test_a_range_is_exactly_what_was_asked(
    store: Storage, start: int, length: int | None, expected: bytes
):
    put(store, "digits", b"0123456789")
    with store.open("digits", start=start, length=length) as stream:
        assert stream.read() == expected


def test_a_range_can_be_read_in_pieces(store: Storage):
    put(store, "digits", b"0123456789")
    with store.open("digits", start=2, length=7) as stream:
        assert [stream.read(3), stream.read(3), stream.read(3)] == [b"234", b"567", b"8"]


def test_stat_tells_size_and_time_in_utc(store: Storage):
    put(store, "a/b", b"12345")
    found = store.stat("a/b")
    assert found is not None
    assert (found.key, found.size) == ("a/b", 5)
    assert abs(found.modified - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_is_absent_has_no_stat_and_cannot_be_opened(store: Storage):
    assert store.stat("a/b") is None
    with pytest.raises(ObjectMissing):
        store.open("a/b")
    with pytest.raises(ObjectMissing):
        store.open("a/b", start=1, length=1)


def test_deleting_removes_and_may_be_repeated(store: Storage):
    put(store, "a/b", b"x")
    store.delete("a/b")
    store.delete("a/b")
    assert store.stat("a/b") is None


def test_an_address_gives_the_bytes_presented_as_was_fixed_in_it(store: Storage):
    put(store, "a/b", b"content")
    shown = Presented("image/png", "inline; filename*=UTF-8''a%C3%A7%C3%A3o.png", "private")
    address = store.address("a/b", shown)
    if address is None:
        assert store.origin == ""
        return
    assert address.startswith(f"{store.origin}/")
    with urlopen(address) as answer:
        assert answer.read() == b"content"
        assert answer.headers["Content-Type"] == shown.content_type
        assert answer.headers["Content-Disposition"] == shown.disposition
        assert answer.headers["Cache-Control"] == shown.cache_control


def test_what_a_browser_sends_is_kept_as_anything_else_or_not_taken_at_all(store: Storage):
    direct, content = store.direct, b"sent by a browser"
    if direct is None:
        assert store.origin == ""
        return
    begun = direct.begin("incoming/one")
    part = Part(1, len(content), hashlib.sha256(content).digest())
    signed = direct.sign("incoming/one", begun, part)
    assert signed.address.startswith(f"{store.origin}/")
    assert put_to(signed.address, dict(signed.headers), content) == 200
    assert direct.parts("incoming/one", begun) == {1: len(content)}
    direct.assemble("incoming/one", begun, [part])
    direct.copy("incoming/one", "a/b", size=len(content))
    direct.discard("incoming/one")
    assert [found.key for found in store.find()] == ["a/b"]
    with store.open("a/b") as stream:
        assert stream.read() == content


def test_lending_bytes_that_have_changed_is_refused(store: Storage):
    kept = promote(store, receive(store, io.BytesIO(b"whole content")))
    put(store, kept.key, b"whole c0ntent")
    with pytest.raises(ObjectDamaged), as_file(store, kept.key):
        pass
    assert list(store.staging.iterdir()) == []


def test_find_walks_over_the_keys_with_a_prefix(store: Storage):
    for key in ("objects/ab/abc", "objects/ab/abd", "previews/1/1.webp"):
        put(store, key, b"x")
    receive(store, io.BytesIO(b"still being received"))
    assert {found.key for found in store.find()} == {
        "objects/ab/abc",
        "objects/ab/abd",
        "previews/1/1.webp",
    }
    assert {found.key for found in store.find("objects/ab/ab")} == {
        "objects/ab/abc",
        "objects/ab/abd",
    }


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "..",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        ".hidden",
        "a\0b",
        "a b",
        "a\\b",
        "a\n",
        "ação",
        "tmp/x",
        "x" * 129,
        "/".join(["abcdefgh"] * 80),
    ],
)
def test_a_key_that_could_leave_the_store_is_refused_everywhere(store: Storage, key: str):
    for attempt in (
        lambda: put(store, key, b"x"),
        lambda: store.open(key),
        lambda: store.stat(key),
        lambda: store.delete(key),
        lambda: store.address(key, Presented("text/plain", "attachment", "no-store")),
    ):
        with pytest.raises(InvalidKey):
            attempt()


def test_an_upload_is_kept_under_its_hash_once(store: Storage):
    content = b"the same bytes" * 100_000
    first = promote(store, receive(store, io.BytesIO(content)))
    second = promote(store, receive(store, io.BytesIO(content)))
    digest = hashlib.sha256(content).hexdigest()
    assert first == second
    assert first.key == f"objects/{digest[:2]}/{digest}"
    assert [found.key for found in store.find()] == [first.key]
    assert list(store.staging.iterdir()) == []


def test_a_damaged_object_of_another_size_is_replaced(store: Storage):
    kept = promote(store, receive(store, io.BytesIO(b"whole content")))
    put(store, kept.key, b"half")
    promote(store, receive(store, io.BytesIO(b"whole content")))
    with store.open(kept.key) as stream:
        assert stream.read() == b"whole content"


def test_an_object_can_be_lent_as_a_file(store: Storage):
    put(store, "a/b", b"content")
    with as_file(store, "a/b") as path:
        assert path.read_bytes() == b"content"
        path.write_bytes(b"a careless reader")
    assert not path.exists()
    with store.open("a/b") as stream:
        assert stream.read() == b"content"


def test_lending_what_is_absent_leaves_nothing_behind(store: Storage):
    with pytest.raises(ObjectMissing), as_file(store, "a/b"):
        pass
    assert list(store.staging.iterdir()) == []
