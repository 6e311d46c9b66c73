"""Bytes by a link from a bucket: the way there is as closed as the bytes here, and short-lived."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library import service as library
from contentlib.library.care.verdicts import ScanState
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience
from contentlib.sharing import passes
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.models import Hit, What
from contentlib.storage import object_key, open_storage
from contentlib.storage.current import current_storage
from tests.library.prepared import prepare
from tests.library.test_bytes import PAGE
from tests.library.test_bytes_elsewhere import VIDEO, from_store
from tests.library.test_jobs import blob_of, pdf
from tests.real.s3_server import S3Server
from tests.sharing.buyers import buyer, key, link_to, path_of, sendable

CONTENT = pdf("A conta dos atrasos", "O projeto se pagou", title="Caso")
BYTES = ("/1/file", "/1/view", "/1/pages/1.webp", "/1/pages/1.webp?width=320")
WAYS: list[tuple[str, dict[str, str]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Range": "bytes=0-3"}),
    ("GET", {"Range": "bytes=999999999-"}),
]


@pytest.fixture(autouse=True)
def in_bucket(app: Flask, s3_server: S3Server, tmp_path: Path) -> Iterator[None]:
    """Keep files in a bucket that browsers reach."""
    yield from from_store(app, open_storage(s3_server.url(uuid4().hex, staging=str(tmp_path))))


@pytest.fixture
def case(in_bucket: None, marketer: User) -> Asset:
    asset = sendable(CONTENT, "Caso Vértice.pdf", marketer)
    prepare(blob_of(asset).sha256, ["library.preview"])
    return asset


@pytest.fixture
def photo(in_bucket: None, marketer: User) -> Asset:
    asset = sendable(PAGE, "foto.png", marketer)
    prepare(blob_of(asset).sha256, ["library.preview"])
    return asset


@pytest.fixture
def link(seller: User, case: Asset) -> ShareLink:
    return link_to(case, by=seller, may_download=True)


def address_of(answer: Any) -> str:
    """Return where an answer leads to in the bucket."""
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    return str(answer.location)


def had(address: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Any]:
    """Ask the bucket as a browser does that was sent there."""
    try:
        with urlopen(Request(address, method=method, headers=headers)) as answer:
            return answer.status, answer.read(), answer.headers
    except HTTPError as error:
        return error.code, b"", error.headers


def refuse(app: Flask, link: ShareLink, paths: tuple[str, ...], path: str = "") -> None:
    """See that nothing leads to the bucket, in the one answer that a guess gets."""
    neutral = buyer(app).get(f"/s/{'x' * 43}").data
    browser = buyer(app)
    for below in paths:
        for method, headers in WAYS:
            where = f"{path}{below}" if path else path_of(link, below)
            answer = browser.open(where, method=method, headers=headers)
            assert answer.status_code == 404, (below, method, headers)
            assert answer.data == (b"" if method == "HEAD" else neutral), (below, method)
            assert "Location" not in answer.headers
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_that_may_be_taken_is_had_from_the_bucket_whole_and_in_parts(
    app: Flask, link: ShareLink
) -> None:
    address = address_of(buyer(app).get(path_of(link, "/1/file")))
    status, content, headers = had(address)
    assert (status, content) == (200, CONTENT)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert headers["Cache-Control"] == "private, no-store"
    for wanted, part in (("0-3", CONTENT[:4]), ("9-", CONTENT[9:]), ("-7", CONTENT[-7:])):
        asked = {"Range": f"bytes={wanted}"}
        address = address_of(buyer(app).get(path_of(link, "/1/file"), headers=asked))
        assert had(address, **asked)[:2] == (206, part)
    assert had(address, Range="bytes=999999999-")[0] == 416


def test_a_head_is_answered_by_the_bucket_for_a_head_alone(app: Flask, link: ShareLink) -> None:
    address = address_of(buyer(app).head(path_of(link, "/1/file")))
    status, content, headers = had(address, "HEAD")
    assert (status, content, headers["Content-Length"]) == (200, b"", str(len(CONTENT)))
    assert had(address)[0] == 403, "who may ask for a head is given no bytes"


def test_an_address_lives_for_a_minute_at_most(app: Flask, link: ShareLink) -> None:
    path = path_of(link, "/1/file")
    address = address_of(buyer(app).get(path))
    (lives,) = parse_qs(urlsplit(address).query)["X-Amz-Expires"]
    assert 0 < int(lives) <= 60
    # The bucket goes by its own clock: an address of a minute ago is one that was made then.
    with time_machine.travel(now() - timedelta(seconds=int(lives) + 2)):
        old = address_of(buyer(app).get(path))
    assert had(old)[0] == 403
    for name, value in (("X-Amz-Expires", "604800"), ("response-content-type", "text/html")):
        given = parse_qs(urlsplit(address).query)[name][0]
        changed = address.replace(f"{name}={given}".replace("/", "%2F"), f"{name}={value}")
        assert changed != address
        assert had(changed)[0] == 403, name


def test_a_revoked_link_leads_nowhere_with_the_next_request(
    app: Flask, link: ShareLink, case: Asset
) -> None:
    browser = buyer(app)
    for path in ("/1/file", "/1/pages/1.webp"):
        with browser.get(path_of(link, path)) as before:
            assert before.status_code in (200, 302)
    link.revoked_at = now()
    db.session.commit()
    refuse(app, link, BYTES)
    assert What.REFUSED in db.session.scalars(select(Hit.what)).all()


@pytest.mark.parametrize("state", ["expired", "foreign key", "guessed"])
def test_a_token_that_opens_nothing_leads_nowhere(app: Flask, link: ShareLink, state: str) -> None:
    if state == "expired":
        link.expires_at = now() - timedelta(seconds=1)
    elif state == "foreign key":
        link.seed = "another seed"
    db.session.commit()
    refuse(app, link, BYTES, path=f"/s/{'y' * 43}" if state == "guessed" else "")


@pytest.mark.parametrize("state", ["archived", "expired", "internal", "quarantined"])
def test_material_that_no_buyer_may_have_leads_nowhere(
    app: Flask, link: ShareLink, case: Asset, state: str
) -> None:
    if state == "archived":
        library.archive(case)
    elif state == "expired":
        case.valid_until = firm_today() - timedelta(days=1)
    elif state == "internal":
        case.audience = Audience.INTERNAL
    else:
        blob_of(case).scan = ScanState.QUARANTINED
    db.session.commit()
    refuse(app, link, BYTES)


def test_where_no_download_is_allowed_the_bucket_is_not_shown(
    app: Flask, seller: User, case: Asset
) -> None:
    link = link_to(case, by=seller, may_download=False)
    refuse(app, link, ("/1/file", "/1/view"))
    with buyer(app).get(path_of(link, "/1/pages/1.webp")) as page:
        assert page.data[:4] == b"RIFF"


def test_of_a_watermarked_link_the_original_is_never_had(
    app: Flask, seller: User, case: Asset, photo: Asset
) -> None:
    for material in (case, photo):
        plain = link_to(material, by=seller, may_download=True)
        marked = link_to(material, by=seller, may_download=True, is_watermarked=True)
        refuse(app, marked, ("/1/file", "/1/view"))
        page, browser = "/1/pages/1.webp", buyer(app)
        with browser.get(path_of(plain, page)) as bare, browser.get(path_of(marked, page)) as own:
            assert own.status_code == 200
            assert own.data[:4] == b"RIFF"
            assert own.data != bare.data
            content = own.data
        part = browser.get(path_of(marked, page), headers={"Range": "bytes=2-5"})
        assert (part.status_code, part.data) == (206, content[2:6])
        page_of_buyer = browser.get(path_of(marked)).text
        assert object_key(blob_of(material).sha256) not in page_of_buyer


def test_a_picture_is_shown_from_the_bucket_and_a_video_from_here(
    app: Flask, seller: User, marketer: User, photo: Asset
) -> None:
    link = link_to(photo, by=seller, may_download=False)
    refuse(app, link, ("/1/file",))
    address = address_of(buyer(app).get(path_of(link, "/1/view")))
    status, content, headers = had(address)
    assert (status, content) == (200, PAGE)
    assert headers["Content-Disposition"].startswith("inline; filename=")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    policy = buyer(app).get(path_of(link)).headers["Content-Security-Policy"]
    assert origin in policy.partition("img-src")[2].partition(";")[0]
    video = link_to(sendable(VIDEO, "video.mp4", marketer), by=seller)
    asked = {"Range": "bytes=9-99"}
    with buyer(app).get(path_of(video, "/1/view"), headers=asked) as part:
        assert (part.status_code, part.data) == (206, VIDEO[9:100])
    video.revoked_at = now()
    db.session.commit()
    refuse(app, video, ("/1/view",))


@pytest.mark.parametrize("gated", [{"gate": "ask"}, {"password_hash": "x"}, {"most_opens": 3}])
def test_without_a_pass_of_this_very_link_a_gate_leads_nowhere(
    app: Flask, seller: User, case: Asset, gated: dict[str, Any]
) -> None:
    link, other = (link_to(case, by=seller, may_download=True, **gated) for _ in range(2))
    later = now() + timedelta(hours=1)
    foreign = passes.issue(other, passes.Pass("v", "", later), [key()])
    forged = passes.issue(link, passes.Pass("v", "", later), ["somebody else's key"])
    refuse(app, link, ("/1/file", *(f"/1/file?v={given}" for given in (foreign, forged))))
    good = passes.issue(link, passes.Pass("", "", later, is_preview=True), [key()])
    assert had(address_of(buyer(app).get(path_of(link, f"/1/file?v={good}"))))[1] == CONTENT


def test_a_file_that_the_bucket_has_lost_is_answered_as_a_guess_is(
    app: Flask, link: ShareLink, case: Asset
) -> None:
    current_storage().delete(object_key(blob_of(case).sha256))
    refuse(app, link, ("/1/file",))


def test_what_leads_to_the_bucket_is_kept_with_the_visit(app: Flask, link: ShareLink) -> None:
    browser = buyer(app)
    for _ in range(2):
        address_of(browser.get(path_of(link, "/1/file")))
    assert db.session.scalars(select(Hit.what)).all() == [What.FILE, What.FILE]
