"""Bytes from elsewhere: from the bucket itself, or from a host on which nothing else exists."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from contentlib.accounts.models import User
from contentlib.core.bytes_host import BytesHost
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.library import service
from contentlib.library.files import tickets
from contentlib.library.models import Asset
from contentlib.storage import Storage, object_key, open_storage
from contentlib.storage.current import current_storage
from contentlib.storage.s3 import S3Storage
from tests import factories
from tests.library.test_bytes import PAGE, PATHS, published
from tests.library.test_jobs import blob_of, work
from tests.real.s3_server import S3Server

SignIn = Callable[[User], FlaskClient]
FILES = "http://files.example.net"
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 4000


def from_store(app: Flask, store: Storage) -> Iterator[None]:
    """Let the application use another store."""
    before = current_storage()
    app.extensions["storage"] = store
    yield
    app.extensions["storage"] = before


@pytest.fixture
def in_bucket(app: Flask, s3_server: S3Server, tmp_path: Path) -> Iterator[None]:
    """Keep files in a bucket that browsers reach."""
    yield from from_store(app, open_storage(s3_server.url(uuid4().hex, staging=str(tmp_path))))


@pytest.fixture
def behind_us(app: Flask, s3_server: S3Server, tmp_path: Path) -> Iterator[None]:
    """Keep files in a bucket that only the application reaches."""
    url = s3_server.url(uuid4().hex, staging=str(tmp_path), direct="no")
    yield from from_store(app, open_storage(url))


@pytest.fixture
def two_hosts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give bytes a host of their own."""
    settings: Settings = app.extensions["settings"]
    apart = settings.model_copy(update={"content_origin": FILES})
    monkeypatch.setitem(app.extensions, "settings", apart)
    hosts = [*app.config["TRUSTED_HOSTS"], "files.example.net"]
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", hosts)
    monkeypatch.setattr(app, "wsgi_app", BytesHost(app.wsgi_app, FILES))


def there(app: Flask, address: str, **options: Any) -> Any:
    """Ask the host of bytes, as a browser that has never been there."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == FILES
    return app.test_client().get(parts.path, base_url=FILES, **options)


def refused(app: Flask, address: str) -> bool:
    """Tell whether the host of bytes knows nothing of an address."""
    answer = there(app, address)
    return (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (404, b"", False)


@pytest.mark.parametrize("how", ["file", "view"])
def test_a_file_in_a_bucket_is_had_from_the_bucket(
    sign_in: SignIn, seller: User, marketer: User, in_bucket: None, how: str
) -> None:
    case = published(PAGE, "Caso Vértice.png", marketer)
    answer = sign_in(seller).get(f"/assets/{case.id}/{how}")
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    with urlopen(answer.location) as sent:
        assert sent.read() == PAGE
        assert sent.headers["Content-Type"] == "image/png"
        kind = {"file": "attachment", "view": "inline"}[how]
        assert sent.headers["Content-Disposition"].startswith(f"{kind}; filename=")
        assert sent.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("where", ["in_bucket", "behind_us", "two_hosts"])
def test_bytes_of_others_are_absent_wherever_they_lie(
    sign_in: SignIn, seller: User, marketer: User, where: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(where)
    case = published(PAGE, "caso.png", marketer)
    work("library.preview", blob_of(case).sha256)
    service.archive(case)
    db.session.commit()
    browser = sign_in(seller)
    for path in PATHS:
        for method in ("GET", "HEAD"):
            forbidden = browser.open(path.format(case.id), method=method)
            absent = browser.open(path.format(10**6), method=method)
            assert forbidden.status_code == absent.status_code == 404
            assert "Location" not in forbidden.headers
            with sign_in(marketer).open(path.format(case.id), method=method) as seen:
                assert seen.status_code in (200, 302)


def test_a_file_that_the_bucket_has_lost_is_told_on_a_page(
    sign_in: SignIn, seller: User, marketer: User, in_bucket: None
) -> None:
    case = published(PAGE, "caso.png", marketer)
    current_storage().delete(object_key(blob_of(case).sha256))
    for method in ("GET", "HEAD"):
        assert sign_in(seller).open(f"/assets/{case.id}/file", method=method).status_code == 404
    assert "text/html" in sign_in(seller).get(f"/assets/{case.id}/file").headers["Content-Type"]


@pytest.mark.parametrize("where", ["in_bucket", "two_hosts"])
def test_players_and_scripts_get_bytes_where_they_asked(
    sign_in: SignIn, seller: User, marketer: User, where: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(where)
    browser = sign_in(seller)
    case = published(PAGE, "caso.png", marketer)
    with browser.get(f"/assets/{case.id}/view", headers={"Sec-Fetch-Dest": "empty"}) as read:
        assert (read.status_code, read.data) == (200, PAGE)
    video = published(VIDEO, "video.mp4", marketer)
    with browser.get(f"/assets/{video.id}/view", headers={"Range": "bytes=9-99"}) as part:
        assert (part.status_code, part.data) == (206, VIDEO[9:100])
    assert browser.get(f"/assets/{video.id}/file").status_code == 302


@pytest.mark.parametrize("where", ["app", "behind_us"])
@pytest.mark.parametrize("path", ["/assets/{}/file", "/assets/{}/view", "/assets/{}/pages/1.webp"])
def test_every_byte_route_answers_parts_heads_and_conditions(
    sign_in: SignIn,
    seller: User,
    marketer: User,
    where: str,
    path: str,
    request: pytest.FixtureRequest,
) -> None:
    request.getfixturevalue(where)
    case = published(PAGE, "caso.png", marketer)
    work("library.preview", blob_of(case).sha256)
    address, browser = path.format(case.id), sign_in(seller)
    with browser.get(address) as whole:
        content, etag = whole.data, whole.headers["ETag"]
        assert whole.headers["Content-Security-Policy"].startswith("sandbox")
    assert browser.head(address).content_length == len(content)
    # Parts are defined for GET alone.
    assert browser.head(address, headers={"Range": "bytes=0-3"}).status_code == 200
    for wanted, part in (("5-9", content[5:10]), ("9-", content[9:]), ("-7", content[-7:])):
        with browser.get(address, headers={"Range": f"bytes={wanted}"}) as some:
            assert (some.status_code, some.data) == (206, part)
            assert some.content_range.length == len(content)
    with browser.get(address, headers={"Range": "bytes=5-9", "If-Range": '"other"'}) as changed:
        assert (changed.status_code, changed.data) == (200, content)
    beyond = browser.get(address, headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond.content_range.length) == (416, len(content))
    known = {"If-None-Match": etag, "Range": "bytes=5-9"}
    assert browser.get(address, headers=known).status_code == 304


def test_of_a_large_object_no_more_is_read_than_is_asked_for(
    sign_in: SignIn,
    seller: User,
    marketer: User,
    behind_us: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int | None]] = []
    opened = S3Storage.open

    def note(self: Any, key: str, *, start: int = 0, length: int | None = None) -> Any:
        asked.append((start, length))
        return opened(self, key, start=start, length=length)

    video = published(VIDEO, "video.mp4", marketer)
    monkeypatch.setattr(S3Storage, "open", note)
    browser = sign_in(seller)
    address = f"/assets/{video.id}/view"
    browser.head(address)
    browser.get(address, headers={"If-None-Match": f'"{blob_of(video).sha256}"'})
    assert asked == []
    with browser.get(address, headers={"Range": "bytes=500000-500009"}) as part:
        assert part.data == VIDEO[500000:500010]
    assert asked == [(500000, 10)]


def policy_of(browser: FlaskClient) -> dict[str, str]:
    text = browser.get("/sign-in").headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in text.split("; "))


def test_pages_may_show_what_comes_from_there_and_load_nothing_else(
    client: FlaskClient, s3_server: S3Server, two_hosts: None, in_bucket: None
) -> None:
    policy = policy_of(client)
    named = {name for name, sources in policy.items() if re.search(r"https?:", sources)}
    assert named == {"img-src", "form-action"}
    assert policy["img-src"] == f"'self' data: {s3_server.endpoint} {FILES}"


def test_without_another_place_pages_load_from_here_alone(client: FlaskClient) -> None:
    assert not any("http" in sources for sources in policy_of(client).values())


@pytest.fixture
def case(two_hosts: None, marketer: User) -> Asset:
    return published(PAGE, "Caso Vértice.png", marketer)


@pytest.fixture
def address(sign_in: SignIn, seller: User, case: Asset) -> str:
    answer = sign_in(seller).get(f"/assets/{case.id}/view")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    return str(answer.location)


def test_the_other_host_shows_bytes_without_knowing_anybody(app: Flask, address: str) -> None:
    with there(app, address) as answer:
        assert answer.data == PAGE
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
    with there(app, address, headers={"Range": "bytes=1-4"}) as part:
        assert (part.status_code, part.data) == (206, PAGE[1:5])
    beyond = there(app, address, headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(PAGE)}")


def test_the_other_host_answers_to_no_other_route(
    app: Flask, sign_in: SignIn, admin: User, two_hosts: None
) -> None:
    browser = sign_in(admin)
    for rule in app.url_map.iter_rules():
        names = dict.fromkeys(rule.arguments, "1")
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **names)
        for method in ("GET", "POST", "OPTIONS", "PUT"):
            answer = browser.open(path, method=method, base_url=FILES)
            assert (answer.status_code, answer.data) == (404, b""), path
            assert "Set-Cookie" not in answer.headers


def test_addresses_of_bytes_are_no_pages_of_the_first_host(
    sign_in: SignIn, seller: User, address: str
) -> None:
    assert sign_in(seller).get(urlsplit(address).path).status_code == 404


def test_an_address_is_good_for_a_minute_and_for_what_it_was_made_for(
    app: Flask, address: str
) -> None:
    path = urlsplit(address).path
    body, stamp, signature = path.removeprefix("/bytes/").split(".")
    for wrong in (
        f"{body[:-2]}AA.{stamp}.{signature}",
        f"{body}.{stamp[:-1]}Z.{signature}",
        f"{body}.{stamp}.{signature[::-1]}",
        f"{body}.{stamp}",
        "x",
        "",
    ):
        assert refused(app, f"{FILES}/bytes/{wrong}")
    with time_machine.travel(now().timestamp() + tickets.SECONDS + 2):
        assert refused(app, address)


def signed(person: int, asset: int, number: int, *, salt: str, key: str) -> str:
    signer = URLSafeTimedSerializer(key, salt=salt)
    return f"{FILES}/bytes/{signer.dumps([person, asset, number, 'inline'])}"


def test_an_address_of_what_its_person_may_not_see_is_absent(
    app: Flask, seller: User, marketer: User, case: Asset, address: str
) -> None:
    draft = factories.draft(owner=marketer)
    key = app.config["SECRET_KEY"]
    for person, asset in ((seller.id, draft.id), (10**6, case.id), (seller.id, 10**6)):
        assert refused(app, signed(person, asset, 1, salt="contentlib.bytes", key=key))
    # What is signed for another purpose, or by another key, opens nothing.
    assert refused(app, signed(seller.id, case.id, 1, salt="itsdangerous", key=key))
    assert refused(app, signed(seller.id, case.id, 1, salt="contentlib.bytes", key="k" * 32))
    service.archive(case)
    db.session.commit()
    assert refused(app, address)


def test_an_address_ends_with_its_persons_access(app: Flask, seller: User, address: str) -> None:
    seller.active = False
    db.session.commit()
    assert refused(app, address)
