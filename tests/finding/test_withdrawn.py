"""Whoever loses access to a material sees no trace of it at once, before the index has followed."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding import alerts, pins, saving
from contentlib.finding.cli import search
from contentlib.finding.criteria import read_criteria
from contentlib.jobs.worker import Worker
from contentlib.library import service
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Status
from contentlib.search import Engine, open_engine
from tests import factories
from tests.finding.corpus import add_asset, days_from_now, index_everything

SignIn = Callable[[User], FlaskClient]
FILTERS = "&language=pt&type=case_study&stage=proposal&persona=economic_buyer&format=pdf"
SEARCHES = (
    "/search",
    "/search?q=zarcão",
    "/search?q=zarcao+frete",
    "/search?q=zarcões" + FILTERS,
    "/search?q=frete",
    "/search?q=frete&sort=newest",
    "/search?q=zarca",
    "/search?q=zarcãp",
    "/search?q=zarcão&exact=1",
    '/search?q="prazo+do+zarcão"',
    "/search?q=-frete+zar*",
    "/search?q=zarcão&language=en",
)
SUGGESTIONS = ("/search/suggest?q=zar", "/search/suggest?q=zarcão+reser", "/search/suggest?q=fret")


def archive(asset: Asset) -> None:
    service.archive(asset)


def expire(asset: Asset) -> None:
    factories.change(asset, valid_until=days_from_now(-1))


WAYS = pytest.mark.parametrize("withdraw", [archive, expire])


@pytest.fixture(
    params=["whoosh", pytest.param("postgres", marks=pytest.mark.real_part("postgres"))]
)
def engine(app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Engine:
    """The index of the application at hand, of either kind."""
    kinds = {
        "whoosh": lambda: open_engine(f"whoosh:{tmp_path}/index"),
        "postgres": lambda: request.getfixturevalue("postgres_engine"),
    }
    app.extensions["search"] = kinds[request.param]()
    yield app.extensions["search"]
    app.extensions.pop("search")


@pytest.fixture
def secret(engine: Engine, marketer: User) -> Asset:
    """A material with a word of its own, among others that sellers go on seeing."""
    add_asset(marketer, "Frete que chega", ("O frete e o prazo",))
    add_asset(marketer, "Guia do frete", ("Prazo do frete",), type="article", stages=("discovery",))
    asset = add_asset(marketer, "Zarcão reservado", ("Capa", "O prazo do zarcão e do frete"))
    index_everything(engine)
    return asset


def read(browser: FlaskClient) -> dict[str, str]:
    """Return what is said of each search, but not the searched words themselves."""
    return {address: said(browser.get(address).text) for address in SEARCHES}


def said(page: str) -> str:
    """Return the words that people read between the search box and the end of the results."""
    begin, end = page.index('id="found-heading"'), page.index('id="found-spoken"')
    words = re.sub(r"em [\d.]+ ms|Texto: [^<]*", "", page[begin:end])
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", re.sub("</?mark>", "", words)))


@WAYS
def test_no_result_count_facet_or_passage_tells_of_it_any_more(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    secret: Asset,
    withdraw: Callable[[Asset], None],
) -> None:
    browser = sign_in(seller)
    before = read(browser)
    assert "Zarcão reservado" in before["/search?q=frete"]
    assert " 1 resultado " in before["/search?q=zarcão"]
    withdraw(secret)
    db.session.commit()
    waiting = read(browser)
    Worker(app, lease_seconds=60).drain()
    settled = read(browser)
    for address in SEARCHES:
        assert "zarc" not in waiting[address].lower(), address
        assert waiting[address] == settled[address], address
    assert " Nenhum resultado " in waiting["/search?q=zarcão"]
    assert " 2 resultados " in waiting["/search?q=frete"]


@WAYS
def test_nothing_suggests_it_any_more(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    secret: Asset,
    withdraw: Callable[[Asset], None],
) -> None:
    browser = sign_in(seller)
    assert "Zarcão" in re.sub("</?mark>", "", browser.get(SUGGESTIONS[0]).text)
    withdraw(secret)
    db.session.commit()
    for _ in ("at once", "after the worker"):
        for address in SUGGESTIONS:
            assert "zarc" not in re.sub("</?mark>", "", browser.get(address).text).lower()
        Worker(app, lease_seconds=60).drain()


@WAYS
def test_no_mistyped_word_is_read_as_one_of_its_words_any_more(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    secret: Asset,
    withdraw: Callable[[Asset], None],
) -> None:
    browser = sign_in(seller)
    assert "Mostrando resultados" in browser.get("/search?q=frete+zarcoa").text
    withdraw(secret)
    db.session.commit()
    for _ in ("at once", "after the worker"):
        text = browser.get("/search?q=frete+zarcoa").text
        assert " 2 resultados " in said(text)
        assert "Mostrando resultados" not in text
        Worker(app, lease_seconds=60).drain()


@WAYS
def test_no_pin_brings_it_back(
    app: Flask,
    sign_in: SignIn,
    seller: User,
    secret: Asset,
    withdraw: Callable[[Asset], None],
) -> None:
    pins.add_pin("guia", secret, by=None)
    db.session.commit()
    browser = sign_in(seller)
    assert "Fixado pelo marketing" in browser.get("/search?q=guia").text
    withdraw(secret)
    db.session.commit()
    waiting = said(browser.get("/search?q=guia").text)
    Worker(app, lease_seconds=60).drain()
    assert waiting == said(browser.get("/search?q=guia").text)
    assert "Fixado pelo marketing" not in waiting
    assert " 1 resultado " in waiting


@WAYS
def test_no_alert_of_a_saved_search_tells_of_it_any_more(
    app: Flask,
    engine: Engine,
    seller: User,
    secret: Asset,
    withdraw: Callable[[Asset], None],
) -> None:
    for name, asked in {"words": {"q": ["zarcão"]}, "filters": {"type": ["case_study"]}}.items():
        row = saving.save(seller, read_criteria(asked), name=name, alert=True)
        row.seen_at = now() - timedelta(days=1)
    db.session.commit()

    def told() -> list[str]:
        saved = saving.saved_by(seller)
        news = alerts.news_of(seller, saved, engine, firm_today(), most=9)
        return [title for one in news.values() for title in one.titles]

    assert told().count("Zarcão reservado") == 2
    withdraw(secret)
    db.session.commit()
    for _ in ("at once", "after the worker"):
        assert "Zarcão reservado" not in told()
        Worker(app, lease_seconds=60).drain()


@WAYS
def test_the_command_line_does_not_print_it_any_more(
    app: Flask, secret: Asset, withdraw: Callable[[Asset], None]
) -> None:
    def printed(words: str) -> list[str]:
        result = app.test_cli_runner().invoke(search, [words, "--json"])
        return sorted(row["title"] for row in json.loads(result.stdout))

    assert printed("zarcão") == ["Zarcão reservado"]
    withdraw(secret)
    db.session.commit()
    for _ in ("at once", "after the worker"):
        assert printed("zarcão") == printed("zarcoa") == []
        assert printed("frete") == ["Frete que chega", "Guia do frete"]
        Worker(app, lease_seconds=60).drain()


def test_whoever_works_on_the_library_goes_on_seeing_it(
    app: Flask, sign_in: SignIn, marketer: User, secret: Asset
) -> None:
    archive(secret)
    db.session.commit()
    browser = sign_in(marketer)
    for _ in ("at once", "after the worker"):
        assert " 1 resultado " in said(browser.get("/search?q=zarcão").text)
        Worker(app, lease_seconds=60).drain()


def test_a_draft_that_was_thrown_away_is_gone_for_those_who_saw_it(
    app: Flask, sign_in: SignIn, marketer: User, engine: Engine
) -> None:
    draft = factories.draft("Zarcão em rascunho", owner=marketer)
    index_everything(engine)
    browser = sign_in(marketer)
    assert " 1 resultado " in said(browser.get("/search?q=zarcão").text)
    service.discard(draft)
    db.session.commit()
    for _ in ("at once", "after the worker"):
        assert " Nenhum resultado " in said(browser.get("/search?q=zarcão").text)
        Worker(app, lease_seconds=60).drain()


def test_what_became_visible_is_no_error_and_found_as_soon_as_the_index_knows(
    app: Flask, sign_in: SignIn, seller: User, marketer: User, secret: Asset
) -> None:
    draft = add_asset(marketer, "Zarcão novo", ("zarcão",), status=Status.DRAFT)
    archive(secret)
    service.restore(secret)
    service.publish(draft, by=marketer, today=firm_today())
    db.session.commit()
    browser = sign_in(seller)
    for _ in ("at once", "after the worker"):
        for address in (*SEARCHES, *SUGGESTIONS):
            assert browser.get(address).status_code == 200
        found = said(browser.get("/search?q=zarcão").text)
        Worker(app, lease_seconds=60).drain()
    assert " 2 resultados " in found


def test_a_change_that_takes_nothing_away_hides_nothing(
    sign_in: SignIn, seller: User, secret: Asset
) -> None:
    factories.change(secret, summary="Com outro resumo.")
    db.session.commit()
    text = sign_in(seller).get("/search?q=zarcão").text
    assert " 1 resultado " in said(text)
    assert "prazo do <mark>zarcão</mark>" in text
