"""What a search is read as beyond its words, and that people see it and can take it back."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding import pins, synonyms
from contentlib.finding.models import Synonym
from contentlib.library import terms
from contentlib.library.models import Asset, Status
from contentlib.library.taxonomy import Stage, get_term
from contentlib.search import Engine
from tests.finding.corpus import add_asset, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def library(engine: Engine, marketer: User) -> dict[str, Asset]:
    """Materials with and without the labels that words name, and a draft."""
    db.session.execute(delete(Synonym))
    assets = {
        "caro": add_asset(
            marketer,
            "“Está caro”",
            type="objection",
            answer="O preço se paga em sete meses.",
            stages=("negotiation",),
        ),
        "frete": add_asset(
            marketer, "Tabela de frete", ("preço do frete",), personas=("user",), type="one_pager"
        ),
        "guide": add_asset(marketer, "Freight guide", ("The freight",), language="en"),
        "draft": add_asset(marketer, "Zarcão em rascunho", ("zarcão",), status=Status.DRAFT),
    }
    index_everything(engine)
    return assets


@pytest.fixture
def browser(sign_in: SignIn, seller: User) -> FlaskClient:
    return sign_in(seller)


def chips(page: str) -> dict[str, str]:
    """Return the removable chips, and where each leads."""
    found = re.findall(r'<a class="chip is-removable"[^>]*?href="([^"]*)"[^>]*>(.*?)<', page, re.S)
    return {html.unescape(label): html.unescape(address) for address, label in found}


def titles(page: str) -> list[str]:
    found = re.findall(r"data-result>(.*?)</a>", page)
    return [re.sub("<[^>]+>", "", title) for title in found]


@pytest.mark.parametrize(
    ("words", "chip", "left"),
    [
        ("objeção preço", "Tipo: Objeção", "preço"),
        ("preço OBJECOES", "Tipo: Objeção", "preço"),
        ("objection preço", "Tipo: Objeção", "preço"),
        ("caso de sucesso frete", "Tipo: Caso de sucesso", "frete"),
        ("frete casos sucesso", "Tipo: Caso de sucesso", "frete"),
        ("case studies frete", "Tipo: Caso de sucesso", "frete"),
        ("preço, cfo", "Persona: Decisor econômico", "preço,"),
        ("preço negociação", "Etapa do funil: Negociação", "preço"),
        ("preço em inglês", "Idioma: Inglês", "preço"),
        ("preço portuguese", "Idioma: Português", "preço"),
    ],
)
def test_words_that_name_something_are_a_chip_that_takes_them_out(
    browser: FlaskClient, words: str, chip: str, left: str
) -> None:
    page = browser.get("/search", query_string={"q": words}).text
    assert list(chips(page)) == [chip]
    without = browser.get(chips(page)[chip]).text
    assert f'value="{left}"' in without
    assert chips(without) == {}
    assert f">Texto: {left}<" in re.sub(r"\s+<", "<", page)
    assert "Texto:" not in without


def test_each_name_is_a_chip_of_its_own_and_what_is_filtered_by_needs_none(
    browser: FlaskClient,
) -> None:
    page = browser.get("/search?q=objeção+cfo+negociação").text
    assert list(chips(page)) == [
        "Tipo: Objeção",
        "Persona: Decisor econômico",
        "Etapa do funil: Negociação",
    ]
    assert "Texto:" not in page
    assert chips(page)["Persona: Decisor econômico"] == (
        "/search?q=obje%C3%A7%C3%A3o+negocia%C3%A7%C3%A3o"
    )
    filtered = browser.get("/search?q=objeção+preço&type=objection").text
    assert chips(filtered) == {"Tipo: Objeção": "/search?q=obje%C3%A7%C3%A3o+pre%C3%A7o"}


def test_an_alias_that_was_just_given_names_it_at_the_next_search(browser: FlaskClient) -> None:
    assert chips(browser.get("/search?q=barganha").text) == {}
    stage = get_term(Stage, "negotiation")
    names = {"name_pt": stage.name_pt, "name_en": stage.name_en}
    terms.rename_word(stage, **names, aliases="barganha, fase final")
    db.session.commit()
    for words in ("barganhas", "fase final", "fases finais"):
        page = browser.get(f"/search?q={words}").text
        assert list(chips(page)) == ["Etapa do funil: Negociação"]
        assert titles(page) == ["“Está caro”"]


@pytest.mark.parametrize("words", ['"objeção"', "-objeção preço", "objeç* preço"])
def test_exact_excluded_and_begun_words_name_nothing(browser: FlaskClient, words: str) -> None:
    assert chips(browser.get("/search", query_string={"q": words}).text) == {}


def test_a_name_narrows_nothing_but_what_carries_it_comes_first(
    browser: FlaskClient, marketer: User, engine: Engine
) -> None:
    add_asset(marketer, "Como ouvir uma objeção", ("preço",), type="article")
    index_everything(engine)
    assert titles(browser.get("/search?q=objeções+preço").text)[:2] == [
        "“Está caro”",
        "Como ouvir uma objeção",
    ]


def test_synonyms_find_from_the_next_search_on_until_they_are_changed(
    browser: FlaskClient, marketer: User
) -> None:
    assert titles(browser.get("/search?q=mensalidade").text) == []
    group = synonyms.add_synonym(["mensalidade", "preço"], by=marketer)
    db.session.commit()
    page = browser.get("/search?q=mensalidades").text
    assert sorted(titles(page)) == ["Tabela de frete", "“Está caro”"]
    assert "<mark>preço</mark>" in page
    synonyms.change_synonym(group, ["mensalidade", "freight"])
    db.session.commit()
    assert titles(browser.get("/search?q=mensalidade").text) == ["Freight guide"]
    synonyms.remove_synonym(group)
    db.session.commit()
    assert titles(browser.get("/search?q=mensalidade").text) == []


def test_synonyms_that_were_tried_are_told_where_nothing_is_found(
    browser: FlaskClient, marketer: User
) -> None:
    synonyms.add_synonym(["gergelim", "sésamo", "semente de sésamo"], by=marketer)
    db.session.commit()
    page = browser.get("/search?q=gergelim").text
    assert "Também procuramos por: sésamo, semente de sésamo" in page
    assert "Também procuramos" not in browser.get("/search?q=abobrinha").text


def test_what_is_pinned_comes_first_and_says_so_within_the_filters(
    browser: FlaskClient, library: dict[str, Asset]
) -> None:
    pins.add_pin("preço", library["guide"], by=None)
    pins.add_pin("preço", library["draft"], by=None)
    db.session.commit()
    page = browser.get("/search?q=preços").text
    assert titles(page)[0] == "Freight guide"
    assert len(titles(page)) == 3
    assert page.count("Fixado pelo marketing") == 1
    assert "rascunho" not in page
    assert "Freight guide" not in titles(browser.get("/search?q=preço+frete").text)
    narrowed = browser.get("/search?q=preço&language=pt").text
    assert "Fixado" not in narrowed
    assert len(titles(narrowed)) == 2


def test_who_may_see_a_draft_has_it_pinned_too(
    sign_in: SignIn, marketer: User, library: dict[str, Asset]
) -> None:
    pins.add_pin("preço", library["draft"], by=None)
    db.session.commit()
    assert titles(sign_in(marketer).get("/search?q=preço").text)[0] == "Zarcão em rascunho"


def told(page: str) -> str:
    """Return what a page says of mended words, if anything."""
    found = re.search(r"Mostrando resultados.*?</a>", page, re.S)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", found[0])) if found else ""


def test_mistyped_words_are_mended_as_results_spell_them_with_a_way_back(
    browser: FlaskClient,
) -> None:
    page = browser.get("/search?q=preso+tabella").text
    assert told(page) == (
        "Mostrando resultados para “preço tabela”. Buscar “preso tabella” mesmo assim"
    )
    assert titles(page)[0] == "Tabela de frete"
    assert 'value="preso tabella"' in page
    way_back = "/search?q=preso+tabella&amp;exact=1"
    assert f'href="{way_back}"' in page
    literally = browser.get(html.unescape(way_back)).text
    assert told(literally) == ""
    assert titles(literally) == []


def test_a_name_is_mended_to_what_it_is_called(browser: FlaskClient) -> None:
    page = browser.get("/search?q=negossiacao+preço").text
    assert "para “negociação preço”" in told(page)
    assert chips(page) == {"Etapa do funil: Negociação": "/search?q=pre%C3%A7o"}
    assert titles(page)[0] == "“Está caro”"


def test_no_word_is_mended_to_one_that_only_others_may_read(
    browser: FlaskClient, sign_in: SignIn, marketer: User
) -> None:
    assert told(browser.get("/search?q=frete+zarcoa").text) == ""
    assert "zarcão" in told(sign_in(marketer).get("/search?q=frete+zarcoa").text)


def test_words_typed_after_a_literal_search_are_mended_again(browser: FlaskClient) -> None:
    def typing(words: str) -> str:
        headers = {
            "HX-Request": "true",
            "HX-Current-URL": "http://localhost/search?q=tabella&exact=1",
        }
        asked = {"q": words, "exact": "1"}
        return browser.get("/search", query_string=asked, headers=headers).text

    assert told(typing("tabella")) == ""
    assert "tabela" in told(typing("tabella preço"))
