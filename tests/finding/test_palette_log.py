"""What is asked in the dialog over any page is noted as a search, once for one wish."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.finding.queries import unanswered_searches
from contentlib.library.models import Asset
from contentlib.search import Engine
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.finding.corpus import add_asset, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def card(engine: Engine, marketer: User) -> Asset:
    """A library with an answer, a script and a case that are all dear."""
    card = add_asset(marketer, "“Está caro”", type="objection", answer="Quanto custa?")
    add_asset(marketer, "Ligação cara", type="script", script="Oi.")
    add_asset(marketer, "Caso caro", ("Capa",))
    index_everything(engine)
    return card


def asked(browser: FlaskClient, typed: str, **more: str) -> str:
    return browser.get("/palette", query_string={"q": typed, **more}).text


def receipt_in(fragment: str) -> str | None:
    """Return the signed note that a list hands back once somebody stays on it."""
    values = re.search(r'hx-vals="([^"]+)"', fragment)
    return str(json.loads(html.unescape(values[1]))["receipt"]) if values else None


def stay_on(browser: FlaskClient, typed: str, **more: str) -> None:
    receipt = receipt_in(asked(browser, typed, **more))
    assert receipt is not None
    assert browser.post("/search/log", data={"receipt": receipt}).status_code == 204


def logged() -> list[tuple[str, int, str]]:
    rows = db.session.scalars(select(SearchLog).order_by(SearchLog.searched_at, SearchLog.id))
    return [(row.query, row.results, row.surface) for row in rows]


@pytest.mark.usefixtures("card")
def test_a_burst_in_the_dialog_is_one_row_with_what_was_found(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    for typed in ("ca", "car", "caro"):
        stay_on(browser, typed)
    assert logged() == [("caro", 3, "palette")]
    with time_machine.travel(now() + timedelta(seconds=31)):
        stay_on(browser, "caro demais")
    assert [words for words, *_ in logged()] == ["caro", "caro demais"]


@pytest.mark.usefixtures("card")
def test_going_on_to_the_search_page_with_the_same_words_is_the_same_wish(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    stay_on(browser, "caro")
    values = receipt_in(browser.get("/search?q=caro").text)
    browser.post("/search/log", data={"receipt": values})
    assert [words for words, *_ in logged()] == ["caro"]


def test_what_no_answer_was_found_for_is_among_what_is_missing(
    sign_in: SignIn, card: Asset
) -> None:
    for _ in range(5):
        stay_on(sign_in(factories.user("seller")), "garantia vitalícia")
    assert set(logged()) == {("garantia vitalícia", 0, "palette")}
    assert unanswered_searches(now()) == ["garantia vitalícia"]


def test_a_name_of_a_page_or_of_a_deal_is_no_search_without_results(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    factories.deal(seller, title="Usina do Vale")
    browser = sign_in(seller)
    for typed in ("usina do", "neg", "", "c"):
        assert receipt_in(asked(browser, typed)) is None


def test_an_answer_opened_and_copied_keeps_its_search_and_place(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    browser = sign_in(seller)
    text = html.unescape(html.unescape(asked(browser, "caro")))
    address = re.search(rf"/palette/{card.id}\?search=([\w-]+)&pos=1", text)
    click = re.search(rf'data-beacon-values="({{"asset": {card.id},.*?}})"', text)
    assert address is not None
    assert click is not None
    assert browser.post("/search/click", data=json.loads(click[1])).status_code == 204
    answer = html.unescape(browser.get(address[0]).text)
    copied = re.search(r"/assets/\d+/copied\?part=answer[^\"]+", answer)
    assert copied is not None
    assert browser.post(copied[0]).status_code == 204
    assert db.session.scalars(select(SearchClick.position)).all() == [1]
    used = db.session.scalars(select(UsageEvent)).one()
    assert (used.search_id, used.position) == (address[1], 1)
    stay_on(browser, "caro demais")
    assert [words for words, *_ in logged()] == ["caro", "caro demais"]


@pytest.mark.usefixtures("card")
def test_words_that_still_stood_in_the_dialog_when_it_was_opened_are_no_other_search(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    stay_on(browser, "caro")
    with time_machine.travel(now() + timedelta(minutes=5)):
        stay_on(browser, "caro", again="1")
        assert len(logged()) == 1
        stay_on(browser, "caro")
    assert len(logged()) == 2
