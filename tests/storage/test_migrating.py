"""Everything copied from one store to another, read back, and gone on with when interrupted."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from contentlib.cli import main
from contentlib.storage import Storage, StorageError, open_storage, promote, put_stream, receive
from contentlib.storage.copying import copy_all
from contentlib.storage.local import LocalStorage
from tests.real.s3_server import S3Server

Url = Callable[[], str]


@pytest.fixture
def folder(tmp_path: Path) -> Url:
    return lambda: f"file:{tmp_path}/{uuid4().hex}"


@pytest.fixture
def bucket(s3_server: S3Server, tmp_path: Path) -> Url:
    return lambda: s3_server.url(uuid4().hex, staging=f"{tmp_path}/receiving")


@pytest.fixture(params=["folder to bucket", "bucket to folder", "folder to folder"])
def stores(request: pytest.FixtureRequest) -> tuple[str, str]:
    source, target = (request.getfixturevalue(kind) for kind in request.param.split(" to "))
    return source(), target()


def fill(url: str, count: int = 12) -> Storage:
    store = open_storage(url)
    for number in range(count):
        content = f"file {number} ".encode() * 1000
        promote(store, receive(store, io.BytesIO(content)))
        put_stream(store, f"previews/{number:02}/1.webp", io.BytesIO(b"picture" * number))
    return store


def contents(store: Storage) -> dict[str, str]:
    found = {}
    for item in store.find():
        with store.open(item.key) as stream:
            found[item.key] = hashlib.sha256(stream.read()).hexdigest()
    return found


def migrate(*words: str) -> Result:
    return CliRunner().invoke(main, ["storage", "migrate", *words])


def test_everything_arrives_and_stays_where_it_was(stores: tuple[str, str]) -> None:
    source = fill(stores[0])
    before = contents(source)
    result = migrate(*stores)
    assert result.exit_code == 0, result.output
    assert "24 copied (" in result.stdout
    assert "0 there already, 0 failed" in result.stdout
    assert contents(open_storage(stores[1])) == contents(source) == before
    assert len(before) == 24
    assert list(source.staging.iterdir()) == []


def test_an_interrupted_copy_is_gone_on_with(stores: tuple[str, str]) -> None:
    source, target = fill(stores[0]), open_storage(stores[1])
    some = list(source.find())
    copying = copy_all(source, target, some)
    for _ in range(3):
        next(copying)
    copying.close()
    there = len(list(target.find()))
    # Some are under way when it is interrupted, and come to their end.
    assert 3 <= there <= 24
    result = migrate(*stores)
    assert f"{24 - there} copied" in result.stdout
    assert f"{there} there already" in result.stdout
    assert contents(target) == contents(source)


def test_what_is_there_with_other_bytes_is_seen_by_looking_deep(stores: tuple[str, str]) -> None:
    source, target = fill(stores[0]), open_storage(stores[1])
    migrate(*stores)
    wrong = [next(source.find(prefix)).key for prefix in ("objects/", "previews/05")]
    for key in wrong:
        size = source.stat(key)
        assert size is not None
        put_stream(target, key, io.BytesIO(b"?" * size.size))
    assert "0 copied" in migrate(*stores).stdout
    assert "2 copied" in migrate(*stores, "--deep").stdout
    assert contents(target) == contents(source)


def test_a_damaged_object_is_not_passed_on_and_is_named(stores: tuple[str, str]) -> None:
    source = fill(stores[0])
    key = next(source.find("objects/")).key
    put_stream(source, key, io.BytesIO(b"other bytes"))
    result = migrate(*stores)
    assert result.exit_code == 1
    assert f"{key}: This file is no longer as it was sent" in result.stderr
    assert "23 copied" in result.stdout
    assert "1 failed" in result.stdout
    assert open_storage(stores[1]).stat(key) is None


def test_what_does_not_come_back_as_it_was_sent_is_taken_away(
    folder: Url, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = fill(folder(), count=1), open_storage(folder())
    put = LocalStorage.put

    def flip(self: LocalStorage, key: str, file: Path) -> Any:
        content = bytearray(file.read_bytes())
        if self is target and content:
            content[0] ^= 1
            file.write_bytes(content)
        return put(self, key, file)

    monkeypatch.setattr(LocalStorage, "put", flip)
    results = list(copy_all(source, target, list(source.find("objects/"))))
    assert [isinstance(result.error, StorageError) for result in results] == [True]
    assert list(target.find()) == []


def test_a_store_is_not_copied_into_itself(folder: Url) -> None:
    url = folder()
    assert migrate(url, url).exit_code == 1
    result = migrate(url, "nonsense")
    assert result.exit_code == 1
    assert "names no known store" in result.stderr
