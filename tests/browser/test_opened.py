"""What opens over a page: axe finds nothing in it, Escape closes it, the focus goes back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Open, findings, is_wider_than_the_window, settle
from tests.browser.pages import filled

Firm = dict[str, Any]

USE = ("main [hx-get^='/deals/use']", "#use-dialog")
NEW = (".topbar-actions details[data-menu] > summary", ".topbar-actions .menu-panel")
MORE = (".page-heading details[data-menu] > summary", ".page-heading .menu-panel")
PERSON = (".frame-rail details[data-menu] > summary", ".frame-rail .menu-panel")
TAB = (".tabbar [popovertarget=more-nav]", "#more-nav")


def panel(name: str) -> tuple[str, str]:
    return f"[data-dialog-open={name}]", f"#{name}"


# By who opens it and where: what opens it, and what then is there.
OPENED = {
    ("seller", "/assets/$link", WIDE): [USE, PERSON],
    ("seller", "/assets/$link", PHONE): [USE, TAB],
    ("seller", "/search?q=frete", WIDE): [
        USE,
        ("#found-heading details[data-menu] > summary", "#found-heading .menu-panel"),
    ],
    ("seller", "/search?q=frete", PHONE): [(".filter-drawer-open", "#filter-drawer")],
    ("marketer", "/assets/$link", WIDE): [MORE, NEW],
    ("marketer", "/assets/$link", PHONE): [MORE, NEW, TAB],
    ("manager", "/deals/$open", WIDE): [USE, MORE],
    ("manager", "/deals", PHONE): [(".kanban details[data-menu] > summary", ".kanban .menu-panel")],
    ("manager", "/imports/$import_done", PHONE): [("form[data-confirm] button", "#undo-import")],
    ("manager", "/reports/revenue", PHONE): [
        panel(name) for name in ("def-booked", "def-credited", "def-uncredited", "def-coverage")
    ],
    ("marketer", "/reports/use", WIDE): [
        panel(name) for name in ("def-air", "def-unused", "def-reach", "def-uses", "def-verified")
    ],
}


@pytest.mark.parametrize(
    ("role", "path", "width"), OPENED, ids=[f"{role}-{path}-{w}" for role, path, w in OPENED]
)
def test_what_opens_is_accessible_closes_with_escape_and_gives_the_focus_back(
    role: str, path: str, width: int, open_page: Open, firm: Firm
) -> None:
    page = open_page(role, filled(path, firm), width=width)
    settle(page)
    for opener, opened in OPENED[role, path, width]:
        page.locator(opener).first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(opened).first).to_be_visible()
        assert wrong_in_both_themes(page, opened) == []
        assert not is_wider_than_the_window(page)
        page.keyboard.press("Escape")
        expect(page.locator(opened).first).to_be_hidden()
        expect(page.locator(opener).first).to_be_focused()


def wrong_in_both_themes(page: Page, within: str) -> list[str]:
    wrong = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        wrong += findings(page, within)
    return wrong


def test_a_dialog_that_a_menu_opens_closes_before_anything_else(
    open_page: Open, firm: Firm
) -> None:
    page = open_page("marketer", filled("/assets/$link", firm))
    summary = page.locator(MORE[0])
    summary.focus()
    page.keyboard.press("Enter")
    item = page.locator("[data-dialog-open=verify]")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#verify")).to_be_visible()
    assert wrong_in_both_themes(page, "#verify") == []
    page.keyboard.press("Escape")
    expect(page.locator("#verify")).to_be_hidden()
    expect(item).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_list_of_keys_opens_anywhere_and_leaves_no_trace(open_page: Open, firm: Firm) -> None:
    page = open_page("seller", filled("/assets/$link", firm))
    link = page.locator(".brand")
    link.focus()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    assert wrong_in_both_themes(page, "#keys-help") == []
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()
    expect(link).to_be_focused()


def test_the_picker_of_deals_is_accessible_open_and_closes_before_its_dialog(
    open_page: Open, firm: Firm
) -> None:
    page = open_page("seller", filled("/assets/$link", firm), width=PHONE)
    page.locator(USE[0]).click()
    expect(page.locator("#use-dialog")).to_be_visible()
    page.locator("#use-deal").focus()
    expect(page.locator("#use-deal-list [role=option]").first).to_be_visible()
    assert wrong_in_both_themes(page, "#use-dialog") == []
    page.keyboard.press("Escape")
    expect(page.locator("#use-deal-list")).to_be_hidden()
    expect(page.locator("#use-dialog")).to_be_visible()
    page.locator("#use-dialog summary").click()
    assert wrong_in_both_themes(page, "#use-dialog") == []
