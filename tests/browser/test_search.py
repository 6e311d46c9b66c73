"""Searching in a real browser: by typing, by filters, by keys; the address is the state."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contentlib.accounts.queries import find_user
from contentlib.core.db import db
from contentlib.finding import pins
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.jobs.worker import Worker
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from tests import factories
from tests.browser.conftest import Open, findings, is_wider_than_the_window, patiently


@pytest.fixture(scope="session", autouse=True)
def shelf(served: Flask) -> None:
    """Three materials about a thing that nobody else writes of."""
    with served.app_context():
        owner, yesterday = find_user("marketer@firm.example"), firm_today() - timedelta(days=1)
        factories.asset("Zarcão na proposta", owner=owner, stage="proposal")
        factories.asset("Zarcão na negociação", owner=owner, stage="negotiation")
        factories.asset("Zarcão esquecido", owner=owner, stage="negotiation", review_due=yesterday)
        Worker(served, lease_seconds=60).drain()


def titles(page: Page) -> list[str]:
    return page.locator("#found a[data-result]").all_inner_texts()


def test_results_come_while_typing_and_are_told(open_page: Open) -> None:
    page = open_page("seller", "/search", locale="pt-BR")
    page.keyboard.press("/")
    page.keyboard.type("zarc", delay=40)
    expect(page.locator("h1")).to_have_text("3 resultados")
    expect(page.locator("#found-spoken")).to_have_text("3 resultados")
    expect(page.locator("#search-words")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/search\?q=zarc$"))


def test_filters_narrow_keep_the_focus_and_go_back_with_the_browser(open_page: Open) -> None:
    page = open_page("seller", "/search?q=zarcao", locale="pt-BR")
    box = page.locator("#stage-negotiation")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("2 resultados")
    expect(page.locator("#stage-negotiation")).to_be_focused()
    page.locator("#state-overdue").check()
    expect(page.locator("h1")).to_have_text("1 resultado")
    assert titles(page) == ["Zarcão esquecido"]
    page.go_back()
    expect(page.locator("h1")).to_have_text("2 resultados")
    page.reload()
    expect(page.locator("h1")).to_have_text("2 resultados")
    page.locator("a.chip", has_text="Negociação").click()
    expect(page.locator("h1")).to_have_text("3 resultados")
    expect(page).to_have_url(re.compile(r"/search\?q=zarcao$"))


def test_a_word_that_was_read_as_a_name_is_taken_out_of_the_box_as_well(open_page: Open) -> None:
    page = open_page("seller", "/search?q=zarcao+negociacao", locale="pt-BR")
    page.locator("a.chip", has_text="Etapa do funil: Negociação").click()
    expect(page).to_have_url(re.compile(r"/search\?q=zarcao$"))
    expect(page.locator("#search-words")).to_have_value("zarcao")
    page.locator("#stage-negotiation").check()
    expect(page).to_have_url(re.compile(r"/search\?q=zarcao&stage=negotiation$"))
    expect(page.locator("h1")).to_have_text("2 resultados")


def test_words_meant_as_typed_stay_so_until_they_are_changed(open_page: Open) -> None:
    page = open_page("seller", "/search?q=zarcoa", locale="pt-BR")
    page.get_by_role("link", name="Buscar “zarcoa” mesmo assim").click()
    expect(page.locator("h1")).to_have_text("Nenhum resultado")
    expect(page).to_have_url(re.compile(r"/search\?q=zarcoa&exact=1$"))
    page.locator("#search-words").press("End")
    page.keyboard.type(" proposta")
    expect(page.locator("#found")).to_contain_text("Mostrando resultados para “zarcão proposta”.")
    expect(page).to_have_url(re.compile(r"/search\?q=zarcoa\+proposta$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whatever_a_search_says_of_itself_is_accessible(
    open_page: Open, served: Flask, theme: str
) -> None:
    with served.app_context():
        asset = db.session.scalars(select(Asset).where(Asset.title == "Zarcão na proposta")).one()
        if not pins.pinned_for("zarcão proposta"):
            pins.add_pin("zarcão proposta", asset, by=None)
            db.session.commit()
    for address, said in {
        "/search?q=zarcao+propsta": "Mostrando resultados para",
        "/search?q=zarcao+proposta": "Fixado pelo marketing",
        "/search?q=tarifa+zarcao&language=en&stage=proposal": "Pedir ao marketing",
    }.items():
        page = open_page("seller", address, locale="pt-BR", color_scheme=theme)
        expect(page.locator("#found")).to_contain_text(said)
        assert findings(page) == []


def test_arrows_walk_the_results_and_enter_opens(open_page: Open, served: Flask) -> None:
    page = open_page("seller", "/search?q=zarcao+proposta")
    page.locator("#search-words").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("a[data-result]").first).to_be_focused()
    with page.expect_request("**/search/click"):
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Zarcão na proposta")
    # The note outlives its page, so its answer belongs to no page that could be asked for it.
    search = select(SearchLog.id).where(SearchLog.normalised == "zarcao proposta")
    clicks = select(SearchClick.position).where(SearchClick.search_id.in_(search))
    with served.app_context():
        assert patiently(lambda: db.session.scalars(clicks).first()) == 1


@pytest.mark.parametrize("language", ["pt-BR", "en-US"])
def test_one_gets_from_any_page_to_a_result_and_back_by_keys_alone(
    open_page: Open, language: str
) -> None:
    page = open_page("seller", "/", locale=language)
    box, first = page.locator("[data-search-focus]"), page.locator("a[data-result]").first
    page.keyboard.press("/")
    page.keyboard.type("zarcao")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=zarcao$"))
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()
    expect(box).to_have_value("zarcao")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_a_slash_written_with_altgr_reaches_the_search(open_page: Open) -> None:
    page = open_page("seller", "/search?q=zarcao")
    how = "{key: '/', ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true}"
    page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {how}))")
    expect(page.locator("#search-words")).to_be_focused()


def test_nothing_found_offers_what_is_found_with_less(open_page: Open) -> None:
    page = open_page("seller", "/search?q=zarcao&language=en", locale="pt-BR")
    expect(page.locator("h1")).to_have_text("Nenhum resultado")
    page.get_by_role("link", name="3 resultados sem “Inglês”").click()
    expect(page.locator("h1")).to_have_text("3 resultados")


def test_on_a_phone_the_filters_are_a_sheet(open_page: Open) -> None:
    page = open_page("seller", "/search?q=zarcao", width=360, locale="pt-BR")
    assert not is_wider_than_the_window(page)
    expect(page.locator("#stage-negotiation")).to_be_hidden()
    page.get_by_role("button", name="Filtros").click()
    page.locator("#stage-negotiation").check()
    expect(page.locator("h1")).to_have_text("2 resultados")
    expect(page.locator("#stage-negotiation")).to_be_visible()
