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
from contentlib.library.models import Asset, Status
from contentlib.search import Engine
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from tests import factories
from tests.finding.corpus import add_asset, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def asset(engine: Engine, marketer: User) -> Asset:
    row = add_asset(marketer, "Preço por valor", ("o preço",))
    index_everything(engine)
    return row


def receipt_in(browser: FlaskClient, words: str) -> str:
    """Return the signed note that a page of results carries."""
    text = browser.get("/search", query_string={"q": words}).get_data(as_text=True)
    values = re.search(r'hx-vals="([^"]+)"', text)
    assert values is not None
    return str(json.loads(html.unescape(values[1]))["receipt"])


def note(browser: FlaskClient, words: str) -> int:
    return browser.post("/search/log", data={"receipt": receipt_in(browser, words)}).status_code


def logged() -> list[tuple[str, int]]:
    rows = db.session.scalars(select(SearchLog).order_by(SearchLog.searched_at, SearchLog.id))
    return [(row.query, row.results) for row in rows]


@pytest.mark.usefixtures("asset")
def test_a_burst_of_typing_is_one_row(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    for words in ("pre", "preço", "preço val", "Preco valor"):
        assert note(browser, words) == 204
    assert logged() == [("Preco valor", 1)]


@pytest.mark.usefixtures("asset")
def test_another_thought_a_later_time_or_another_person_is_another_row(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    note(sign_in(seller), "preço")
    note(sign_in(manager), "preço valor")
    note(sign_in(seller), "nada disso")
    with time_machine.travel(now() + timedelta(seconds=31)):
        note(sign_in(seller), "nada disso mesmo")
    assert logged() == [
        ("preço", 1),
        ("preço valor", 1),
        ("nada disso", 0),
        ("nada disso mesmo", 0),
    ]


@pytest.mark.usefixtures("asset")
def test_letters_taken_back_and_put_right_within_a_burst_are_the_same_row(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    for words in ("preço valx", "preço val", "preço", "preço valor"):
        note(browser, words)
    assert logged() == [("preço valor", 1)]


@pytest.mark.usefixtures("asset")
def test_a_search_with_a_word_less_is_a_second_one(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    for words in ("xyzzyq preço", "preço"):
        note(browser, words)
    assert [words for words, _results in logged()] == ["xyzzyq preço", "preço"]


def test_coming_back_to_an_answer_is_no_other_search(
    sign_in: SignIn, seller: User, asset: Asset
) -> None:
    browser = sign_in(seller)
    note(browser, "preço")
    receipt = receipt_in(browser, "preço")
    browser.post("/search/click", data={"receipt": receipt, "asset": asset.id, "position": 1})
    note(browser, "PRECO")
    assert logged() == [("preço", 1)]
    assert len(db.session.scalars(select(SearchClick)).all()) == 1
    with time_machine.travel(now() + timedelta(minutes=31)):
        note(browser, "preço")
    assert logged() == [("preço", 1)] * 2


@pytest.mark.usefixtures("asset")
def test_the_same_words_are_another_search_by_another_person_or_with_another_answer(
    sign_in: SignIn, seller: User, manager: User, marketer: User, engine: Engine
) -> None:
    note(sign_in(seller), "preço")
    note(sign_in(manager), "preço")
    add_asset(marketer, "Preço por assento", ("o preço",))
    index_everything(engine)
    with time_machine.travel(now() + timedelta(minutes=1)):
        note(sign_in(seller), "preço")
    assert logged() == [("preço", 1), ("preço", 1), ("preço", 2)]


def test_what_was_taken_straight_from_the_list_keeps_its_search(
    sign_in: SignIn, seller: User, asset: Asset
) -> None:
    browser = sign_in(seller)
    receipt = receipt_in(browser, "preço")
    browser.post("/search/log", data={"receipt": receipt})
    search = db.session.scalars(select(SearchLog)).one()
    usage.record(
        Action.COPIED,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=seller.id,
        idempotency_key="copied",
        search_id=search.id,
        position=1,
    )
    db.session.commit()
    note(browser, "preço valor")
    assert logged() == [("preço", 1), ("preço valor", 1)]


def test_filters_and_the_place_of_what_was_opened_are_kept(
    sign_in: SignIn, seller: User, asset: Asset
) -> None:
    browser = sign_in(seller)
    click = {"asset": asset.id, "position": 3}
    text = browser.get("/search?q=preço&type=case_study&language=pt&language=en").text
    values = re.search(r'hx-vals="([^"]+)"', text)
    assert values is not None
    receipt = json.loads(html.unescape(values[1]))["receipt"]
    browser.post("/search/click", data={"receipt": receipt, **click})
    search = db.session.scalars(select(SearchLog)).one()
    assert search.filters == {"type": ["case_study"], "language": ["en", "pt"]}
    assert db.session.scalars(select(SearchClick.position)).one() == 3


@pytest.mark.usefixtures("asset")
def test_the_same_note_sent_twice_is_one_row(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    receipt = receipt_in(browser, "preço")
    for _ in range(2):
        browser.post("/search/log", data={"receipt": receipt})
    assert len(logged()) == 1


@pytest.mark.usefixtures("asset")
def test_a_note_that_was_changed_or_is_someone_elses_is_refused(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    receipt = receipt_in(sign_in(seller), "preço")
    for browser, text in ((sign_in(manager), receipt), (sign_in(seller), receipt[:-2] + "xx")):
        assert browser.post("/search/log", data={"receipt": text}).status_code == 422
    assert logged() == []


def test_a_click_keeps_the_search_that_led_to_it(
    sign_in: SignIn, seller: User, asset: Asset
) -> None:
    browser = sign_in(seller)
    receipt = receipt_in(browser, "preço")
    click = {"receipt": receipt, "asset": asset.id, "position": 1}
    assert [browser.post("/search/click", data=click).status_code for _ in range(2)] == [204, 204]
    assert note(browser, "preço valor") == 204
    assert logged() == [("preço", 1), ("preço valor", 1)]
    assert len(db.session.scalars(select(SearchClick)).all()) == 1


def test_a_click_on_what_one_may_not_see_is_absent(
    sign_in: SignIn, seller: User, marketer: User, asset: Asset
) -> None:
    draft = add_asset(marketer, "Rascunho", status=Status.DRAFT)
    browser = sign_in(seller)
    receipt = receipt_in(browser, "preço")
    for hidden in (draft.id, 10**9, "x"):
        click = {"receipt": receipt, "asset": hidden, "position": 1}
        assert browser.post("/search/click", data=click).status_code == 404


@pytest.mark.usefixtures("asset")
def test_what_nobody_found_is_told_as_words_and_only_of_enough_people(sign_in: SignIn) -> None:
    people = [factories.user("seller", team="North") for _ in range(5)]
    for person in people[:4]:
        note(sign_in(person), "planilha de comissão")
    assert unanswered_searches(now()) == []
    note(sign_in(people[4]), "preço")
    assert unanswered_searches(now()) == ["planilha de comissão"]
