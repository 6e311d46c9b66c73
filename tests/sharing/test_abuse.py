"""Tokens that are guessed, expired, revoked, foreign or re-used, on every route of bytes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
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
from tests import factories
from tests.library.test_bytes import PAGE
from tests.library.test_jobs import blob_of
from tests.sharing.buyers import buyer, key, link_to, path_of, sendable

BYTES = ("/1/pages/1.webp", "/1/pages/1.webp?width=320", "/1/file", "/1/view")
EVERYTHING = ("", "/privacy", "/more", *BYTES)
WAYS: list[tuple[str, dict[str, str]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Range": "bytes=0-3"}),
    ("GET", {"Range": "bytes=999999999-"}),
]


@pytest.fixture
def link(seller: User, case: Asset) -> ShareLink:
    return link_to(case, by=seller, may_download=True)


def guess(app: Flask, path: str) -> bytes:
    return buyer(app).get(path).data


def refuse(app: Flask, link: ShareLink, paths: tuple[str, ...]) -> None:
    """See that all ways to ask for some paths get the one answer that a guess gets."""
    neutral = guess(app, f"/s/{'x' * 43}")
    browser = buyer(app)
    for path in paths:
        for method, headers in WAYS:
            answer = browser.open(path_of(link, path), method=method, headers=headers)
            assert answer.status_code == 404, (path, method, headers)
            assert answer.data == (b"" if method == "HEAD" else neutral), (path, method, headers)
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_live_link_gives_bytes_in_every_way(app: Flask, link: ShareLink) -> None:
    browser = buyer(app)
    for path in BYTES[:3]:
        with browser.get(path_of(link, path)) as whole:
            assert whole.status_code == 200
            content = whole.data
        with browser.get(path_of(link, path), headers={"Range": "bytes=2-5"}) as part:
            assert (part.status_code, part.data) == (206, content[2:6])
        head = browser.head(path_of(link, path))
        assert head.headers["Content-Length"] == str(len(content))
        beyond = browser.get(path_of(link, path), headers={"Range": "bytes=999999999-"})
        assert beyond.status_code == 416
        assert "Set-Cookie" not in beyond.headers


@pytest.mark.parametrize("state", ["expired", "revoked", "foreign key"])
def test_a_dead_link_answers_as_a_guess_does(app: Flask, link: ShareLink, state: str) -> None:
    if state == "expired":
        link.expires_at = now() - timedelta(seconds=1)
    elif state == "revoked":
        link.revoked_at = now()
    else:
        link.token_hash = "0" * 64
    db.session.commit()
    refuse(app, link, EVERYTHING)
    entered = buyer(app).post(path_of(link, "/enter"))
    assert (entered.status_code, entered.data) == (404, guess(app, "/s/guess"))
    refused = db.session.scalars(select(Hit.what).where(Hit.link_id == link.id)).all()
    assert set(refused) == (set() if state == "foreign key" else {What.REFUSED})


def hide(case: Asset, how: str) -> None:
    if how == "archived":
        library.archive(case)
    elif how == "expired":
        case.valid_until = firm_today() - timedelta(days=1)
    elif how == "internal":
        case.audience = Audience.INTERNAL
    elif how == "draft":
        case.status = case.status.DRAFT
    else:
        blob_of(case).scan = ScanState.QUARANTINED
    db.session.commit()


@pytest.mark.parametrize("how", ["archived", "expired", "internal", "draft", "quarantined"])
def test_bytes_of_what_may_no_longer_be_sent_answer_as_a_guess_does(
    app: Flask, link: ShareLink, case: Asset, how: str
) -> None:
    hide(case, how)
    refuse(app, link, BYTES)
    assert "a caminho" in buyer(app).get(path_of(link)).text


def test_a_link_opens_its_own_materials_and_nothing_else(
    app: Flask, seller: User, link: ShareLink, marketer: User
) -> None:
    sendable(PAGE, "outra.png", marketer)
    for path in ("/2/pages/1.webp", "/0/file", "/1/pages/3.webp", "/1/pages/0.webp", "/2/view"):
        refuse(app, link, (path,))
    for path in ("/3", "/1", "/1/pages", "/../assets/1", "/1/file/x", "/enter", "/seen2"):
        answer = buyer(app).get(path_of(link, path))
        assert answer.status_code == 404, path
        assert "Set-Cookie" not in answer.headers


def test_where_no_download_is_allowed_none_is_had(app: Flask, seller: User, case: Asset) -> None:
    for terms in ({"may_download": False}, {"may_download": True, "is_watermarked": True}):
        link = link_to(case, by=seller, **terms)
        refuse(app, link, ("/1/file",))
        assert "/1/file" not in buyer(app).get(path_of(link)).text


@pytest.mark.parametrize("gated", [{"gate": "ask"}, {"password_hash": "x"}, {"most_opens": 3}])
def test_a_pass_that_is_forged_foreign_or_a_preview_gone_stale_opens_no_bytes(
    app: Flask, seller: User, case: Asset, gated: dict[str, Any]
) -> None:
    link, other = link_to(case, by=seller, **gated), link_to(case, by=seller, **gated)
    later = now() + timedelta(hours=1)
    foreign = passes.issue(other, passes.Pass("v", "", later), [key()])
    forged = passes.issue(link, passes.Pass("v", "", later), ["somebody else's key"])
    stale = passes.issue(link, passes.Pass("", "", now(), is_preview=True), [key()])
    for given in (foreign, forged, stale, "", "x" * 5000, "\x00", "W10.x"):
        pictures = f"{BYTES[0]}?v={quote(given)}", f"{BYTES[1]}&v={quote(given)}"
        refuse(app, link, pictures)


def test_a_token_in_another_spelling_opens_nothing(app: Flask, link: ShareLink) -> None:
    token = path_of(link).removeprefix("/s/")
    for wrong in (token.swapcase(), f"{token}=", f" {token}", token[:-1], f"{token}%00", "%ff" * 9):
        answer = buyer(app).get(f"/s/{wrong}")
        assert answer.status_code in (308, 404), wrong
        assert "Set-Cookie" not in answer.headers


def test_guessing_is_slowed_down_and_who_holds_a_link_reads_on(
    app: Flask, link: ShareLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    browser = buyer(app)
    browser.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    answers = [browser.get(f"/s/guess{number}") for number in range(35)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429] * 5
    assert "Retry-After" in answers[-1].headers
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert browser.get(path_of(link)).status_code == 200
    assert buyer(app).get("/s/guess").status_code == 404


def test_the_log_never_holds_a_token(
    app: Flask, link: ShareLink, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    for path in EVERYTHING:
        buyer(app).get(path_of(link, path)).close()
    told = capsys.readouterr()
    token = path_of(link).removeprefix("/s/")
    assert token not in told.out + told.err + caplog.text
    assert "/s/…" in told.out + told.err + caplog.text


def test_no_answer_below_a_link_ever_sets_a_cookie(
    app: Flask, sign_in: Callable[[User], FlaskClient], link: ShareLink, seller: User
) -> None:
    for browser in (buyer(app), sign_in(seller)):
        for path in (*EVERYTHING, "/enter", "/nothing", "/1/pages/9.webp"):
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
                with browser.open(path_of(link, path), method=method) as answer:
                    assert "Set-Cookie" not in answer.headers, (path, method)


def test_the_watermark_stands_on_every_picture_and_is_the_readers_own(
    app: Flask, seller: User, case: Asset, marketer: User
) -> None:
    plain, marked = link_to(case, by=seller), link_to(case, by=seller, is_watermarked=True)
    browser = buyer(app)

    def bytes_of(link: ShareLink, path: str) -> bytes:
        with browser.get(path_of(link, path)) as answer:
            assert answer.status_code == 200
            return bytes(answer.data)

    for path in BYTES[:2]:
        bare, own = bytes_of(plain, path), bytes_of(marked, path)
        assert own[:4] == b"RIFF"
        assert bare != own
        assert own == bytes_of(marked, path)
        part = browser.get(path_of(marked, path), headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.data) == (206, own[:10])
        assert browser.head(path_of(marked, path)).headers["Content-Length"] == str(len(own))
    marked.recipient_email = "outra@acme.example"
    db.session.commit()
    assert bytes_of(marked, BYTES[0]) != own
    # A picture is shown by its marked page, never bare.
    photo = link_to(sendable(PAGE, "foto.png", marketer), by=seller, is_watermarked=True)
    refuse(app, photo, ("/1/view",))


def test_material_of_another_link_is_not_reached_by_its_number(
    app: Flask, seller: User, link: ShareLink
) -> None:
    link_to(factories.asset("Segredo da diretoria"), by=seller)
    assert "Segredo" not in buyer(app).get(path_of(link)).text
