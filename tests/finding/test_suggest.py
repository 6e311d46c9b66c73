"""The search box proposes while somebody types, only what they may see and only their own past."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_id
from contentlib.finding.models import SearchLog
from contentlib.library.models import Asset, Status
from contentlib.search import Engine
from tests.finding.corpus import add_asset, days_from_now, index_everything
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def library(engine: Engine, marketer: User) -> None:
    add_asset(marketer, "Vértice Logística: retorno em 7 meses", ("Capa",))
    add_asset(marketer, "“Está caro”", type="objection", answer="O preço se paga.")
    add_asset(marketer, "Vertigem em rascunho", ("Capa",), status=Status.DRAFT)
    add_asset(marketer, "Vertido e vencido", ("Capa",), valid_until=days_from_now(-2))
    index_everything(engine)


def searched(user: User, query: str, *, minutes_ago: int, results: int = 3) -> None:
    """Note a search as it was made some time ago."""
    folded = query.lower().replace("ç", "c").replace("ã", "a")
    db.session.add(
        SearchLog(
            id=str(new_id()),
            user_id=user.id,
            query=query,
            normalised=folded,
            filters={},
            results=results,
            milliseconds=3,
            searched_at=now() - timedelta(minutes=minutes_ago),
        )
    )
    db.session.commit()


def proposed(browser: FlaskClient, typed: str) -> dict[str, list[str]]:
    """Return the groups of lines that are proposed, as people read them."""
    text = browser.get("/search/suggest", query_string={"q": typed}).text
    groups = re.findall(r'group-title" id="[\w-]+">(.*?)</span>(.*?)</div>', text, re.DOTALL)
    labels = {
        title: re.findall(r'suggestion-label">(.*?)</span>', lines) for title, lines in groups
    }
    return {
        title: [re.sub("<[^>]+>", "", line) for line in lines] for title, lines in labels.items()
    }


@pytest.mark.usefixtures("library")
def test_materials_and_objections_are_proposed_by_their_titles_from_the_second_letter(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    titles = ["Vértice Logística: retorno em 7 meses"]
    assert proposed(browser, "v") == {}
    assert proposed(browser, "ve") == {"Materiais": titles, "Etapas": ["Expansão"]}
    assert proposed(browser, "logistica ret") == {"Materiais": titles}
    assert proposed(browser, "capa") == {}
    assert proposed(browser, "esta car") == {"Objeções": ["“Está caro”"]}
    text = browser.get("/search/suggest?q=vert").text
    assert "<mark>Vértice</mark>" in text
    assert re.search(r'role="option"[^>]* href="/assets/\d+"', text)
    assert "1 sugestão" in text


@pytest.mark.usefixtures("library")
def test_what_one_may_not_see_is_not_proposed_even_while_the_index_still_knows_it(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    assert len(proposed(sign_in(marketer), "vert")["Materiais"]) == 3
    seen = db.session.scalars(select(Asset).where(Asset.title.startswith("Vértice"))).one()
    seen.status = Status.ARCHIVED
    db.session.commit()
    assert proposed(sign_in(seller), "vert") == {}


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("typed", "group", "name", "address"),
    [
        ("nego", "Etapas", "Negociação", "/search?stage=negotiation"),
        ("negotiation", "Etapas", "Negociação", "/search?stage=negotiation"),
        ("sql", "Etapas", "Descoberta", "/search?stage=discovery"),
        (
            "preco cfo",
            "Personas",
            "Decisor econômico",
            "/search?q=preco&amp;persona=economic_buyer",
        ),
        ("juridico", "Personas", "Compras / Jurídico", "/search?persona=procurement"),
        ("DECISOR eco", "Personas", "Decisor econômico", "/search?persona=economic_buyer"),
        ("case stu", "Tipos", "Caso de sucesso", "/search?type=case_study"),
        (
            "Preço, proposta nego",
            "Etapas",
            "Negociação",
            "/search?q=Pre%C3%A7o,+proposta&amp;stage=negotiation",
        ),
    ],
)
def test_words_that_begin_a_name_lead_to_the_library_narrowed_by_it(
    sign_in: SignIn, seller: User, typed: str, group: str, name: str, address: str
) -> None:
    browser = sign_in(seller)
    assert proposed(browser, typed)[group] == [name]
    assert f'href="{address}"' in browser.get("/search/suggest", query_string={"q": typed}).text


@pytest.mark.usefixtures("library")
def test_a_single_letter_names_nothing_yet(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    assert proposed(browser, "n") == {}
    assert proposed(browser, "ne")["Etapas"] == ["Negociação"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("typed", ["zarcão de", "\u0300\u0301", "zarcão co", "zarcão com"])
def test_small_words_behind_others_name_nothing(sign_in: SignIn, seller: User, typed: str) -> None:
    assert proposed(sign_in(seller), typed) == {}


@pytest.mark.usefixtures("library")
def test_an_empty_box_shows_ones_own_last_searches_each_once(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    searched(seller, "objeção preço", minutes_ago=9)
    searched(seller, "Objecao preco", minutes_ago=5)
    searched(seller, "frete", minutes_ago=7)
    searched(seller, "frteee", minutes_ago=1, results=0)
    searched(manager, "segredo", minutes_ago=1)
    browser = sign_in(seller)
    assert proposed(browser, "") == {"Suas buscas recentes": ["Objecao preco", "frete"]}
    assert proposed(browser, "preç") == {"Suas buscas recentes": ["Objecao preco"]}
    assert proposed(browser, "frete") == {}


@pytest.mark.usefixtures("library")
def test_proposing_writes_nothing_and_asks_the_database_little(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    searched(seller, "vertente", minutes_ago=3)
    browser = sign_in(seller)
    browser.get("/search/suggest?q=vert")
    with statements() as asked:
        assert len(proposed(browser, "vert")) == 2
    assert len(asked) <= 10
    assert [line for line in asked if not line.startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []
    assert db.session.scalar(select(func.count()).select_from(SearchLog)) == 1


@pytest.mark.usefixtures("engine")
def test_without_an_index_names_and_past_searches_are_still_proposed(
    sign_in: SignIn, seller: User
) -> None:
    searched(seller, "negócio", minutes_ago=3)
    found = proposed(sign_in(seller), "neg")
    assert found["Suas buscas recentes"] == ["negócio"]
    assert "Materiais" not in found


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    "typed", ["*", "%00\ud800", "((((" * 900, "a" * 5000, "'; --", "\u202e\u0300"]
)
def test_any_text_is_a_question(sign_in: SignIn, seller: User, typed: str) -> None:
    typed = typed.encode("utf-8", "replace").decode()
    assert sign_in(seller).get("/search/suggest", query_string={"q": typed}).status_code == 200


def test_nobody_signed_in_is_proposed_nothing(app: Flask) -> None:
    assert app.test_client().get("/search/suggest?q=ve").status_code in (302, 401)
