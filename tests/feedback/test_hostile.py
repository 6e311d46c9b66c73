"""Whatever is typed is shown as it was typed, and runs nowhere."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.feedback.models import Comment, FieldWin, Flag, Rating, Suggestion
from contentlib.library.models import Asset
from tests import factories
from tests.feedback.conftest import TEXT

SignIn = Callable[[User], FlaskClient]
KINDS = (Comment, Suggestion, Flag, FieldWin, Rating)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


def say_everywhere(browser: FlaskClient, asset: Asset, deal_id: int, text: str) -> list[int]:
    """Type a text into every field there is; return the statuses."""
    at = f"/assets/{asset.id}"
    place = {"quote": text, "page": "3", "key": text[:90]}
    browser.post(f"{at}/feedback/rating", data={"helps": "no"})
    words = {"words-text": f"{TEXT}\n{text}", "words-subject": text, "note": text}
    return [
        browser.post(f"{at}/feedback/comments", data={"text": text} | place).status_code,
        browser.post(f"{at}/suggest", data=words | place).status_code,
        browser.post(f"{at}/feedback/flags", data={"reason": text} | place).status_code,
        browser.post(
            f"{at}/feedback/wins", data={"text": text, "deal": deal_id} | place
        ).status_code,
        browser.post(
            f"{at}/feedback/rating/reason", data={"reason": "other", "text": text}
        ).status_code,
    ]


def pages(browser: FlaskClient, asset: Asset) -> list[str]:
    at = f"/assets/{asset.id}"
    row = db.session.scalars(select(Suggestion).order_by(Suggestion.id.desc())).first()
    paths = [f"{at}/feedback", f"{at}/feedback/mark", f"{at}/suggest", "/"]
    if row is not None:
        paths.append(f"{at}/suggestions/{row.id}")
    return [browser.get(path).text for path in paths]


def test_scripts_are_words(asset: Asset, sign_in: SignIn, seller: User, owner: User) -> None:
    deal = factories.deal(seller)
    assert set(say_everywhere(sign_in(seller), asset, deal.id, SCRIPT)) == {303}
    shown = pages(sign_in(owner), asset)
    assert "&lt;script&gt;alert(1)" in shown[0]
    for page in shown:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in page.partition("<main")[2].partition("alert(2)")[2][:40]


def test_a_text_of_a_hundred_thousand_characters_is_refused_with_a_sentence(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    statuses = say_everywhere(sign_in(seller), asset, deal.id, "ab " * 33_334)
    assert set(statuses) == {422}
    assert all(not db.session.scalars(select(kind)).all() for kind in KINDS[:4])


@pytest.mark.parametrize(
    "text",
    [
        "\u202ecod.exe\u202c",
        "a\x00b",
        "\x00",
        "\u200b\u2066",
        "\ud800",
        "\U0001f600" * 20,
        "ﷺ" * 50,
    ],
    ids=["turned", "nul", "only nul", "unseen", "half", "emoji", "wide"],
)
def test_hidden_characters_are_not_kept(
    asset: Asset, sign_in: SignIn, seller: User, owner: User, text: str
) -> None:
    deal = factories.deal(seller)
    sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    statuses = say_everywhere(sign_in(seller), asset, deal.id, sent)
    assert set(statuses) <= {303, 422}
    for page in pages(sign_in(owner), asset):
        assert not {"\u202e", "\x00", "\u200b", "\u2066"} & set(page)


def test_a_spreadsheet_runs_nothing(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    deal = factories.deal(seller, title="=HYPERLINK(1)")
    assert set(say_everywhere(sign_in(seller), asset, deal.id, "=1+1")) == {303}
    text = sign_in(owner).get(f"/assets/{asset.id}/feedback.csv").text
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 6
    cells = [cell for row in rows for cell in row]
    assert "'=1+1" in cells
    assert "'=HYPERLINK(1)" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize("page", ["-1", "0", "9" * 18, "x", "1.5", ""])
def test_a_page_that_no_file_has_is_no_place(
    asset: Asset, sign_in: SignIn, seller: User, page: str
) -> None:
    form = {"text": "Oi", "page": page}
    answer = sign_in(seller).post(f"/assets/{asset.id}/feedback/comments", data=form)
    assert answer.status_code == 303
    assert db.session.scalars(select(Comment)).one().page is None


def test_absurd_addresses_are_answered(asset: Asset, sign_in: SignIn, seller: User) -> None:
    browser, at = sign_in(seller), f"/assets/{asset.id}"
    for query in ("quote=" + "x" * 3000, "page=" + "9" * 40, "say=%00", "v=0", "v=-1", "v=x"):
        for path in ("feedback", "suggest", "feedback/mark", "feedback/people"):
            assert browser.get(f"{at}/{path}?{query}").status_code in (200, 404), (path, query)


def test_a_thread_or_deal_that_is_none_is_refused(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    at, browser = f"/assets/{asset.id}/feedback", sign_in(seller)
    for to in ("999999", "9" * 18):
        form = {"text": "x", "to": to}
        assert browser.post(f"{at}/comments", data=form).status_code == 404
    form = {"text": "x", "deal": "999999"}
    assert browser.post(f"{at}/wins", data=form).status_code == 404
