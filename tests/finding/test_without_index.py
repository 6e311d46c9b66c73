from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding.page import PAGE_SIZE
from contentlib.jobs.models import Job
from contentlib.library.models import Status
from contentlib.search import Engine
from tests.finding.corpus import add_asset
from tests.finding.test_search_log import receipt_in
from tests.finding.test_search_page import found

SignIn = Callable[[User], FlaskClient]


@pytest.mark.parametrize(
    "words", ["preço", "PREÇO", "preco", "objeções", "objecao", "manutenções", "apresentacao"]
)
def test_words_are_still_found_roughly_and_the_page_says_so(
    engine: Engine, sign_in: SignIn, seller: User, marketer: User, words: str
) -> None:
    add_asset(marketer, "Manutenção", ("Capa", "O Preço e a objeção", "APRESENTAÇÃO"))
    add_asset(
        marketer, "Cartão", answer="O preço da manutenção: objeções e apresentação.", type="script"
    )
    add_asset(marketer, "Preço objeção manutenção apresentação", status=Status.DRAFT)
    add_asset(marketer, "Outra coisa", ("primeiro prazo", "objetos"))
    browser = sign_in(seller)
    count, titles = found(browser, f"/search?q={words}")
    assert (count, sorted(titles)) == (2, ["Cartão", "Manutenção"])
    assert "Busca simplificada" in browser.get(f"/search?q={words}").text


def test_the_index_is_mended_once_however_many_people_meet_it_broken(
    engine: Engine, sign_in: SignIn, seller: User, marketer: User
) -> None:
    add_asset(marketer, "Preço", ("preço",))
    for person in (seller, marketer):
        browser = sign_in(person)
        for words in ("preço", "outra"):
            browser.post("/search/log", data={"receipt": receipt_in(browser, words)})
    jobs = select(func.count(Job.id)).where(Job.kind == "search.reconcile")
    assert db.session.scalar(jobs) == 1


def test_a_search_itself_writes_nothing(engine: Engine, sign_in: SignIn, seller: User) -> None:
    before = db.session.scalar(select(func.count(Job.id)))
    sign_in(seller).get("/search?q=preço")
    assert db.session.scalar(select(func.count(Job.id))) == before


def test_without_an_index_what_is_not_published_takes_no_place_and_is_not_counted(
    engine: Engine, sign_in: SignIn, seller: User, marketer: User
) -> None:
    add_asset(marketer, "Preço")
    for number in range(PAGE_SIZE):
        add_asset(marketer, f"Preço secreto {number}", status=Status.DRAFT)
    assert found(sign_in(seller), "/search?q=preço") == (1, ["Preço"])
    assert found(sign_in(marketer), "/search?q=preço")[0] == PAGE_SIZE + 1
