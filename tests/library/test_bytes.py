"""Bytes of materials: for those who see the material, as what they are, and never run."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library import service, taxonomy
from contentlib.library.files.keys import preview_key
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.uploads import service as uploads
from contentlib.storage.current import current_storage
from tests import factories
from tests.library.test_jobs import blob_of, pdf, upload, work

SignIn = Callable[[User], FlaskClient]
PATHS = ("/assets/{}/file", "/assets/{}/view", "/assets/{}/pages/1.webp", "/assets/{}/file?v=1")


def picture() -> bytes:
    """Return a picture large enough to have smaller ones."""
    drawn = BytesIO()
    Image.linear_gradient("L").resize((1400, 900)).save(drawn, "PNG")
    return drawn.getvalue()


PAGE = picture()


def without_tokens(page: str) -> str:
    """Leave out the forms' tokens, which change with every second."""
    return re.sub(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}", "", page)


def published(content: bytes, name: str, by: User) -> Asset:
    asset = upload(content, name, by)
    factories.change(
        asset,
        stages=[taxonomy.get_term(taxonomy.Stage, "proposal")],
        personas=[taxonomy.get_term(taxonomy.Persona, "champion")],
        review_due=firm_today(),
    )
    service.publish(asset, by=by, today=firm_today())
    db.session.commit()
    return asset


@pytest.fixture
def case(marketer: User) -> Asset:
    asset = published(PAGE, "Caso Vértice – “2026”.png", marketer)
    work("library.preview", blob_of(asset).sha256)
    return asset


def test_a_seller_gets_the_file_as_it_was_sent(sign_in: SignIn, seller: User, case: Asset) -> None:
    with sign_in(seller).get(f"/assets/{case.id}/file") as answer:
        assert answer.data == PAGE
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "filename*=UTF-8''Caso%20V%C3%A9rtice" in answer.headers["Content-Disposition"]


def test_page_pictures_are_sent_by_number(sign_in: SignIn, seller: User, case: Asset) -> None:
    browser = sign_in(seller)
    with browser.get(f"/assets/{case.id}/pages/1.webp") as answer:
        assert answer.data[:4] == b"RIFF"
        assert answer.headers["Content-Type"] == "image/webp"
    for number in (0, 2, 10**12):
        assert browser.get(f"/assets/{case.id}/pages/{number}.webp").status_code == 404


def test_a_smaller_picture_is_sent_where_there_is_one(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    browser = sign_in(seller)
    widths = []
    for asked in ("", "?width=320", "?width=640", "?width=321", "?width=x"):
        with browser.get(f"/assets/{case.id}/pages/1.webp{asked}") as answer:
            widths.append(Image.open(BytesIO(answer.data)).width)
    assert widths == [1200, 320, 640, 1200, 1200]
    current_storage().delete(preview_key(blob_of(case).sha256, 1, 320))
    with browser.get(f"/assets/{case.id}/pages/1.webp?width=320") as answer:
        assert Image.open(BytesIO(answer.data)).width == 1200


def hide(case: Asset, how: str) -> None:
    """Take a material from sellers in one of three ways."""
    if how == "draft":
        case.status, case.published_at = case.status.DRAFT, None
    elif how == "archived":
        service.archive(case)
    else:
        case.valid_until = firm_today().replace(year=2020)
    db.session.commit()


def refuse_like_absent(browser: FlaskClient, path: str, case: Asset) -> None:
    """See that a route answers to a forbidden material as to one that does not exist."""
    forbidden, absent = browser.get(path.format(case.id)), browser.get(path.format(10**6))
    assert forbidden.status_code == absent.status_code == 404
    assert without_tokens(forbidden.text) == without_tokens(absent.text)


@pytest.mark.parametrize("how", ["draft", "archived", "expired"])
def test_forbidden_bytes_answer_like_absent_ones_on_each_route(
    sign_in: SignIn, seller: User, marketer: User, case: Asset, how: str
) -> None:
    hide(case, how)
    for path in PATHS:
        refuse_like_absent(sign_in(seller), path, case)
        with sign_in(marketer).get(path.format(case.id)) as seen:
            assert seen.status_code == 200


def test_a_version_that_is_not_published_has_no_bytes_for_sellers(
    sign_in: SignIn, seller: User, marketer: User, case: Asset
) -> None:
    newer = upload(pdf("Outra"), "outra.pdf", marketer)
    uploads.become_version(newer, of=case, by=marketer)
    db.session.commit()
    assert sign_in(seller).get(f"/assets/{case.id}/file?v=2").status_code == 404
    with sign_in(marketer).get(f"/assets/{case.id}/file?v=2") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "pagina.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "x.svg"),
        (b"# <script>alert(1)</script>", "nota.md"),
    ],
)
def test_what_could_run_is_only_ever_saved(
    sign_in: SignIn, marketer: User, content: bytes, name: str
) -> None:
    asset = published(content, name, marketer)
    browser = sign_in(marketer)
    assert browser.get(f"/assets/{asset.id}/view").status_code == 404
    with browser.get(f"/assets/{asset.id}/file") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    work("library.extract", blob_of(asset).sha256)
    assert b"<script>alert(1)" not in browser.get(f"/assets/{asset.id}").data


def test_a_video_is_sent_in_parts(sign_in: SignIn, seller: User, marketer: User) -> None:
    content = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40
    asset = published(content, "video.mp4", marketer)
    address = f"/assets/{asset.id}/view"
    with sign_in(seller).get(address, headers={"Range": "bytes=100-199"}) as part:
        assert part.status_code == 206
        assert part.data == content[100:200]
        assert part.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    with sign_in(seller).get(address, headers={"Range": "bytes=999999-"}) as beyond:
        assert beyond.status_code == 416


def test_the_browser_asks_again_and_is_told_that_nothing_changed(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    browser = sign_in(seller)
    with browser.get(f"/assets/{case.id}/file") as first:
        etag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "private, no-cache"
    with browser.get(f"/assets/{case.id}/file", headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304
    service.archive(case)
    db.session.commit()
    assert (
        browser.get(f"/assets/{case.id}/file", headers={"If-None-Match": etag}).status_code == 404
    )


def test_quotes_and_lines_in_a_name_stay_inside_the_header(sign_in: SignIn, marketer: User) -> None:
    asset = published(PAGE, 'a\r\nSet-Cookie: x=1; "b".png', marketer)
    with sign_in(marketer).get(f"/assets/{asset.id}/file") as answer:
        assert "Set-Cookie" not in {name for name, _ in answer.headers if name != "Set-Cookie"}
        assert "\n" not in answer.headers["Content-Disposition"]
