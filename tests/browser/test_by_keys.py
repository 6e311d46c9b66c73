"""The seller's main way through the product, without a mouse."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from contentlib.core.db import db
from contentlib.demo.files import make_file
from contentlib.demo.sources import all_sources
from contentlib.jobs.worker import Worker
from contentlib.library import service as library
from contentlib.library.firm_day import firm_today
from contentlib.library.uploads import service as uploads
from contentlib.storage.current import current_storage
from tests import factories
from tests.browser.conftest import Open, settle
from tests.browser.firm import person_of
from tests.browser.pages import filled


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus, as somebody does who sees where it is."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def test_a_seller_searches_opens_a_material_and_notes_its_use_by_keys_alone(
    open_page: Open, firm: dict[str, Any]
) -> None:
    page = open_page("seller", "/", locale="pt-BR")
    page.keyboard.press("/")
    page.keyboard.type("frete que chega")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=frete"))
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("a[data-result]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Frete que chega")
    use = page.get_by_role("button", name="Usei no negócio")
    go_to(page, use)
    page.keyboard.press("Enter")
    expect(page.locator("#use-dialog")).to_be_visible()
    go_to(page, page.locator("#use-deal"))
    page.keyboard.press("Control+a")
    page.keyboard.type("Orla Dist")
    expect(page.locator("#use-deal-list [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#use-deal")).to_have_value("Orla Distribuição")
    go_to(page, page.locator("#use-dialog").get_by_role("button", name="Reunião"))
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Orla Distribuição")
    expect(page.locator("#use-dialog")).to_be_hidden()
    expect(use).to_be_focused()
    page.goto(filled("/deals/$mine", firm))
    expect(page.get_by_text(re.compile("mostrado ou enviado · Reunião"))).to_be_visible()


@pytest.fixture
def case(served: Flask, tmp_path: Path) -> int:
    """A case study of the demo as the PDF that it is, and a card that speaks of price as well."""
    source = next(source for source in all_sources() if source.external_id == "caso-vertice")
    made = make_file(source)
    (tmp_path / made.name).write_bytes(made.data)
    with served.app_context():
        author = person_of("marketer")
        row = factories.draft(source.title, owner=author, summary=source.summary)
        with (tmp_path / made.name).open("rb") as stream:
            arrived = uploads.take_in(current_storage(), stream, made.name, limit=10**7)
        uploads.add_version(row, arrived, by=author)
        library.publish(row, by=author, today=firm_today())
        factories.asset("Tabela de preço", owner=author)
        db.session.commit()
        Worker(served, lease_seconds=60).drain()
        return row.id


@pytest.mark.parametrize("words", ["diretora financeira preco", "objecao preco cfo"])
def test_from_today_to_the_page_of_a_case_that_answers_letter_by_letter(
    open_page: Open, case: int, words: str
) -> None:
    page = open_page("seller", "/", locale="pt-BR")
    page.keyboard.press("/")
    page.keyboard.type(words, delay=30)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/search\?q={re.escape(quote_plus(words))}$"))
    result = page.locator(f"a[data-result][href^='/assets/{case}?']")
    expect(result).to_have_attribute("href", re.compile("#p4$"))
    for _ in range(page.locator("a[data-result]").count()):
        page.keyboard.press("ArrowDown")
        if result.evaluate("link => link === document.activeElement"):
            break
    expect(result).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/assets/{case}\?.*#p4$"))
    expect(page.locator("#p4 img")).to_be_in_viewport(ratio=0.4)
    settle(page)
    stands = page.locator("#p4").bounding_box()
    assert stands is not None
    assert 50 <= stands["y"] <= 120


def test_the_first_tab_leads_past_the_frame_to_the_content(open_page: Open) -> None:
    page = open_page("seller", "/search")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
