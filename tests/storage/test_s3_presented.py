"""Addresses that a bucket's server gives browsers: what is fixed in them cannot be changed."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import time_machine

from contentlib.storage import Presented, Storage, open_storage, put_stream
from contentlib.storage.backend import ADDRESS_SECONDS
from tests.real.s3_server import S3Server
from tests.storage.tampering import changed

SHOWN = Presented("application/pdf", 'attachment; filename="caso.pdf"', "private, no-store")


@pytest.fixture
def store(s3_server: S3Server, tmp_path: Path) -> Storage:
    made = open_storage(s3_server.url(prefix=tmp_path.name, staging=str(tmp_path)))
    for key in ("objects/mine", "objects/secret"):
        put_stream(made, key, io.BytesIO(f"bytes of {key}".encode()))
    return made


def answer(address: str, method: str = "GET", **headers: str) -> int:
    """Return the status by which the server answers."""
    try:
        with urlopen(Request(address, method=method, headers=headers)) as response:
            return int(response.status)
    except HTTPError as error:
        with error:
            return error.code


def address_of(store: Storage, shown: Presented = SHOWN) -> str:
    address = store.address("objects/mine", shown)
    assert address is not None
    return address


@pytest.mark.parametrize(
    "tamper",
    [
        lambda address: address.replace("objects/mine", "objects/secret"),
        changed("response-content-disposition", "inline"),
        changed("response-content-type", "text/html"),
        changed("response-cache-control", "public"),
        changed("X-Amz-Expires", "604800"),
        changed("X-Amz-Signature", "0" * 64),
        lambda address: f"{address}&response-content-language=pt",
    ],
    ids=["key", "disposition", "type", "cache", "expiry", "signature", "something more"],
)
def test_an_altered_address_is_refused_by_the_server(
    store: Storage, tamper: Callable[[str], str]
) -> None:
    address = address_of(store)
    assert answer(address) == 200
    assert tamper(address) != address
    assert answer(tamper(address)) == 403


def test_an_address_is_good_for_a_minute(store: Storage) -> None:
    assert ADDRESS_SECONDS <= 60
    begun = datetime.now(UTC)
    with time_machine.travel(begun - timedelta(seconds=ADDRESS_SECONDS - 30)):
        nearly_over = address_of(store)
    with time_machine.travel(begun - timedelta(seconds=ADDRESS_SECONDS + 1)):
        over = address_of(store)
    assert answer(nearly_over) == 200
    assert answer(over) == 403


def test_an_address_signed_with_a_wrong_secret_is_refused(
    s3_server: S3Server, store: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    forged = open_storage(s3_server.url(prefix=tmp_path.name, staging=str(tmp_path)))
    assert answer(address_of(forged)) == 403


def test_an_address_reads_one_object_and_does_nothing_else(store: Storage) -> None:
    address = address_of(store)
    for method in ("HEAD", "PUT", "DELETE"):
        assert answer(address, method) in (403, 405), method
    with store.open("objects/mine") as stream:
        assert stream.read() == b"bytes of objects/mine"
    head = store.address("objects/mine", SHOWN, method="HEAD")
    assert head is not None
    assert answer(head, "HEAD") == 200
    assert answer(head) == 403


def test_a_part_and_what_is_known_already_are_answered_at_the_address(store: Storage) -> None:
    address = address_of(store)
    assert answer(address, Range="bytes=2-5") == 206
    assert answer(address, Range="bytes=9999-") == 416
    with urlopen(address) as whole:
        etag = whole.headers["ETag"]
    assert answer(address, **{"If-None-Match": etag}) == 304


def test_browsers_are_sent_to_where_they_reach_the_server(
    s3_server: S3Server, store: Storage, tmp_path: Path
) -> None:
    port = urlsplit(s3_server.endpoint).port
    elsewhere = f"http://localhost:{port}"
    url = s3_server.url(prefix=tmp_path.name, staging=str(tmp_path), browsers=elsewhere)
    address = address_of(open_storage(url))
    assert address.startswith(elsewhere)
    # The host is part of what is signed.
    assert answer(address) == 200
    assert answer(address.replace("localhost", "127.0.0.1")) == 403


def test_a_bucket_may_be_kept_from_browsers(s3_server: S3Server, tmp_path: Path) -> None:
    kept_away = open_storage(s3_server.url(staging=str(tmp_path), direct="no"))
    assert kept_away.address("objects/mine", SHOWN) is None
    assert kept_away.origin == ""
