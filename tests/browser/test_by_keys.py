"""The seller's main way through the product, without a mouse."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
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
    page.keyboard.press("/")
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
    page.keyboard.type("Orla")
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


def test_the_first_tab_leads_past_the_frame_to_the_content(open_page: Open) -> None:
    page = open_page("seller", "/search")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
