"""The viewer's page and the bytes it reads: for those who see the material, and nobody besides."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.extraction.result import TOO_MUCH_MEMORY
from contentlib.library import service
from contentlib.library.files.keys import converted_key
from contentlib.library.models import Asset, ExtractionState
from contentlib.library.uploads import service as uploads
from contentlib.storage.current import current_storage
from contentlib.usage.models import Action, UsageEvent
from tests.extraction import files
from tests.library.test_bytes import PAGE, hide, published, refuse_like_absent
from tests.library.test_jobs import blob_of, pdf, upload, work

SignIn = Callable[[User], FlaskClient]
PATHS = (
    "/assets/{}/read",
    "/assets/{}/read?v=1",
    "/assets/{}/pages.pdf",
    "/assets/{}/pages.pdf?v=1",
)
FILE = pdf("Capa do caso", "O preço por entrega caiu")


@pytest.fixture
def case(marketer: User) -> Asset:
    asset = published(FILE, "Caso ção.pdf", marketer)
    work("library.extract", blob_of(asset).sha256)
    return asset


def converted(asset: Asset, tmp_path: Path) -> bytes:
    """Keep a PDF beside an Office file, as the painter does, and return its bytes."""
    made = files.pdf(tmp_path / "made.pdf", "Slide um", "Slide dois")
    content, blob = made.read_bytes(), blob_of(asset)
    work("library.extract", blob.sha256)
    blob.pdf_size = current_storage().put(converted_key(blob.sha256), made).size
    db.session.commit()
    return content


def test_the_viewer_names_file_page_and_words_and_runs_nothing_of_others(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    answer = sign_in(seller).get(f"/assets/{case.id}/read?page=2&find=preço%20%22<b>")
    assert answer.status_code == 200
    page = html.unescape(answer.text)
    assert f'data-reader="/assets/{case.id}/pages.pdf?v=1"' in page
    assert 'data-reader-first="2"' in page
    assert 'value="preço &#34;&lt;b&gt;"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert not re.search("unsafe|wasm|blob:|worker-src", policy)


@pytest.mark.parametrize("asked", ["page=0", "page=-3", "page=x", f"page={10**30}", "page="])
def test_a_page_that_is_no_number_is_the_first(
    sign_in: SignIn, seller: User, case: Asset, asked: str
) -> None:
    assert 'data-reader-first="1"' in sign_in(seller).get(f"/assets/{case.id}/read?{asked}").text


def test_the_bytes_come_in_parts_and_are_saved_where_somebody_goes_to_them(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    browser, address = sign_in(seller), f"/assets/{case.id}/pages.pdf?v=1"
    with browser.get(address, headers={"Range": "bytes=5-104"}) as part:
        assert part.status_code == 206
        assert part.data == FILE[5:105]
        assert part.headers["Content-Range"] == f"bytes 5-104/{len(FILE)}"
    with browser.get(address) as whole:
        assert whole.data == FILE
        assert whole.headers["Accept-Ranges"] == "bytes"
        assert whole.headers["Content-Type"] == "application/pdf"
        assert whole.headers["Content-Disposition"].startswith("attachment; ")
        assert whole.headers["Content-Security-Policy"].startswith("sandbox")
        assert whole.headers["Cache-Control"] == "private, no-cache"
        assert "Content-Encoding" not in whole.headers


@pytest.mark.parametrize("how", ["draft", "archived", "expired"])
def test_forbidden_materials_answer_like_absent_ones(
    sign_in: SignIn, seller: User, marketer: User, case: Asset, how: str
) -> None:
    hide(case, how)
    for path in PATHS:
        refuse_like_absent(sign_in(seller), path, case)
        with sign_in(marketer).get(path.format(case.id)) as seen:
            assert seen.status_code == 200


def test_access_is_decided_for_every_part(sign_in: SignIn, seller: User, case: Asset) -> None:
    browser, address = sign_in(seller), f"/assets/{case.id}/pages.pdf?v=1"
    with browser.get(address, headers={"Range": "bytes=0-9"}) as part:
        assert part.status_code == 206
    service.archive(case)
    db.session.commit()
    assert browser.get(address, headers={"Range": "bytes=10-19"}).status_code == 404


def test_a_version_that_is_not_published_is_read_by_its_editors_alone(
    sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    newer = upload(pdf("Outra"), "outra.pdf", marketer)
    work("library.extract", blob_of(newer).sha256)
    uploads.become_version(newer, of=case, by=marketer)
    db.session.commit()
    for path in ("read", "pages.pdf"):
        assert sign_in(seller).get(f"/assets/{case.id}/{path}?v=2").status_code == 404
        with sign_in(marketer).get(f"/assets/{case.id}/{path}?v=2") as seen:
            assert seen.status_code == 200
    # The page of the marketer's version takes and leads to that version, everywhere.
    page = html.unescape(sign_in(marketer).get(f"/assets/{case.id}/read?v=2").text)
    assert f"/assets/{case.id}/pages.pdf?v=2" in page
    assert f"/assets/{case.id}/file?v=2" in page
    assert "/download" not in page


def test_an_office_file_is_read_as_the_pdf_made_of_it(
    sign_in: SignIn, seller: User, marketer: User, tmp_path: Path
) -> None:
    content = files.pptx(tmp_path / "a.pptx").read_bytes()
    asset = published(content, "Apresentação.pptx", marketer)
    browser = sign_in(seller)
    # Without one, there is the material's page.
    answer = browser.get(f"/assets/{asset.id}/read?page=2")
    assert answer.headers["Location"] == f"/assets/{asset.id}#p2"
    assert browser.get(f"/assets/{asset.id}/pages.pdf").status_code == 404
    made = converted(asset, tmp_path)
    assert browser.get(f"/assets/{asset.id}/read").status_code == 200
    with browser.get(f"/assets/{asset.id}/pages.pdf?v=1") as answer:
        assert answer.data == made
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "Apresenta%C3%A7%C3%A3o.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("state", ["pending", "stopped"])
def test_a_pdf_that_was_not_withstood_in_the_sandbox_is_read_by_no_browser(
    sign_in: SignIn, seller: User, case: Asset, state: str
) -> None:
    blob = blob_of(case)
    blob.extraction = ExtractionState.PENDING if state == "pending" else ExtractionState.FAILED
    blob.extraction_detail = None if state == "pending" else TOO_MUCH_MEMORY
    db.session.commit()
    browser = sign_in(seller)
    assert browser.get(f"/assets/{case.id}/read").headers["Location"] == f"/assets/{case.id}"
    assert browser.get(f"/assets/{case.id}/pages.pdf").status_code == 404
    assert "/read" not in browser.get(f"/assets/{case.id}").text
    # A page that was painted tells that it can be borne.
    blob.preview_count = 1
    db.session.commit()
    assert browser.get(f"/assets/{case.id}/read").status_code == 200


@pytest.mark.parametrize(("content", "name"), [(PAGE, "foto.png"), (b"# Oi", "nota.md")])
def test_what_has_no_pdf_is_shown_on_its_own_page(
    sign_in: SignIn, seller: User, marketer: User, content: bytes, name: str
) -> None:
    asset = published(content, name, marketer)
    answer = sign_in(seller).get(f"/assets/{asset.id}/read?deal=7")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/assets/{asset.id}?deal=7"
    assert sign_in(seller).get(f"/assets/{asset.id}/pages.pdf").status_code == 404


def opened(browser: FlaskClient, path: str, before: str = "") -> bool:
    """Tell whether a page asks for its opening to be noted."""
    headers = {"Referer": f"http://localhost{before}"} if before else {}
    return "/opened?key=" in browser.get(path, headers=headers).text


def test_a_material_is_opened_once_however_one_goes_between_its_page_and_the_viewer(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    browser, page, viewer = sign_in(seller), f"/assets/{case.id}", f"/assets/{case.id}/read"
    assert opened(browser, page)
    assert opened(browser, viewer)
    assert opened(browser, viewer, before="/search?q=caso")
    assert opened(browser, viewer, before=f"/assets/{case.id}0")
    assert not opened(browser, viewer, before=f"{page}?find=caso")
    assert not opened(browser, page, before=f"{viewer}?page=2")
    # Looking at a page writes nothing down.
    assert db.session.scalar(select(func.count(UsageEvent.id))) == 0


def test_reading_is_an_opening_and_no_use(sign_in: SignIn, seller: User, case: Asset) -> None:
    browser = sign_in(seller)
    found = re.search(r'hx-post="([^"]+/opened[^"]*)"', browser.get(f"/assets/{case.id}/read").text)
    assert found
    assert browser.post(html.unescape(found[1])).status_code == 204
    events = db.session.scalars(select(UsageEvent)).all()
    assert [event.action for event in events] == [Action.OPENED]


def test_without_scripts_the_pages_are_pictures(
    app: Flask, sign_in: SignIn, seller: User, case: Asset
) -> None:
    work("library.preview", blob_of(case).sha256)
    page = sign_in(seller).get(f"/assets/{case.id}/read").text
    plain = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert f"/assets/{case.id}/pages/1.webp" in plain
    assert "JavaScript" in plain
