"""Every page, as its readers see it: axe finds nothing, and nothing scrolls sideways."""

import re
from itertools import cycle
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    AXE,
    PHONE,
    WIDE,
    Open,
    begin_looking,
    end_looking,
    findings,
    is_wider_than_the_window,
)
from tests.browser.pages import NO_PAGES, NOBODY, PAGES, endpoints_of, endpoints_to_read, filled

Firm = dict[str, Any]


def test_every_route_is_visited_below_or_named_as_no_page(served: Flask, firm: Firm) -> None:
    pages = endpoints_of(served, [path for paths in PAGES.values() for path in paths], firm)
    others = endpoints_of(served, list(NO_PAGES), firm)
    assert pages & others == set()
    assert pages | others == endpoints_to_read(served)


def test_what_is_named_as_no_page_is_none(open_page: Open, firm: Firm) -> None:
    page = open_page("admin", "/me")
    for path in NO_PAGES:
        answer = page.request.get(filled(path, firm))
        assert (path, answer.status) == (path, 200)
        assert not answer.body().lower().startswith(b"<!doctype")


# Forms that refuse what is empty; where a form leads back to itself, the page has a summary.
FORMS = [
    (NOBODY, "/sign-in"),
    (NOBODY, "/sign-in/reset/$token"),
    ("seller", "/me/password"),
    ("seller", "/requests/new"),
    ("marketer", "/assets/new/link"),
    ("marketer", "/assets/new/script"),
    ("marketer", "/assets/new/objection"),
    ("marketer", "/assets/$link/edit"),
    ("marketer", "/assets/complete"),
    ("marketer", "/assets/$pdf/versions/new"),
    ("manager", "/deals/new"),
    ("manager", "/deals/$open/contacts/new"),
    ("manager", "/deals/$open/close/lost"),
    ("manager", "/imports"),
    ("manager", "/imports/$import_mapping/columns"),
    ("admin", "/admin/people/new"),
]
SEND_EMPTY = """form => {
    form.noValidate = true;
    for (const field of form.elements) if (field.matches("textarea, input:not([type=hidden])"))
        if (field.type === "radio" || field.type === "checkbox") field.checked = false;
        else field.value = "";
    form.requestSubmit();
}"""
# Each language is looked at in one width: what axe judges hangs on either, never on the two
# together. Whether words fit does, so that is asked in every width.
USUAL = {"pt-BR": PHONE, "en-US": WIDE}
OTHER = {"pt-BR": WIDE, "en-US": PHONE}


# Some pages to a test: opening a window costs as much as looking at a page, and several processes
# share out what is in parts.
PART = 6
PARTS = [
    pytest.param(role, paths[first : first + PART], id=f"{role or 'nobody'}-{first // PART + 1}")
    for role, paths in PAGES.items()
    for first in range(0, len(paths), PART)
]


@pytest.mark.parametrize(("role", "paths"), PARTS)
def test_every_page_is_accessible_and_fits_in_both_languages_themes_and_widths(
    role: str, paths: list[str], open_page: Open, firm: Firm
) -> None:
    pages = {language: open_page(role, None, locale=language) for language in USUAL}
    for page in pages.values():
        # Sent once, not with each of the many pages.
        page.add_init_script(AXE)
    looked_at = {}
    for path, by_turns in zip(paths, cycle([list(USUAL), list(OTHER)[::-1]])):
        looked_at[path] = wrong_with(filled(path, firm), pages, *by_turns)
    assert {path: wrong for path, wrong in looked_at.items() if wrong} == {}


@pytest.mark.parametrize(("role", "path"), FORMS, ids=[path for _role, path in FORMS])
def test_a_form_that_is_refused_says_so_where_the_focus_is(
    role: str, path: str, open_page: Open, firm: Firm
) -> None:
    page = open_page(role, filled(path, firm), width=PHONE, locale="pt-BR", color_scheme="dark")
    page.locator("main form:has(.form-field):not([role=search])").last.evaluate(SEND_EMPTY)
    expect(page.locator(".error-summary")).to_be_focused()
    assert findings(page) == []
    assert sideways({"pt-BR": page}) == []


def test_a_one_time_link_is_shown_accessibly(open_page: Open, firm: Firm) -> None:
    page = open_page("admin", filled("/admin/people/$person", firm), width=PHONE)
    page.locator("form[action$='/link'] button").click()
    expect(page.locator("#one-time-link")).to_contain_text("/sign-in/reset/")
    assert findings(page) == []
    assert sideways({"en-US": page}) == []


def wrong_with(path: str, pages: dict[str, Page], by_light: str, in_the_dark: str) -> list[str]:
    """Return what is wrong with a page in any look, both languages at a time.

    All pages are made of the same parts, so axe looks at each narrow by light and wide in the dark,
    where only its colours differ, or the other way round.
    """
    dress(pages, USUAL, "light")
    for language, page in pages.items():
        visit(page, path, language)
    wrong = [*found_by_axe({by_light: pages[by_light]}, "light"), *sideways(pages)]
    dress(pages, USUAL, "dark")
    wrong += found_by_axe({in_the_dark: pages[in_the_dark]}, "dark", rule="color-contrast")
    dress(pages, OTHER, "light")
    return wrong + sideways(pages)


BUYERS = re.compile(r"^/s/(?!nowhere)|/preview$")


def dress(pages: dict[str, Page], widths: dict[str, int], theme: Literal["light", "dark"]) -> None:
    for language, page in pages.items():
        page.set_viewport_size({"width": widths[language], "height": 900})
        page.emulate_media(color_scheme=theme)


def visit(page: Page, path: str, language: str) -> None:
    """Open a page, and make sure that it is the one meant, in the language meant."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (404 if path in ("/nowhere", "/s/nowhere") else 200), path
    assert urlsplit(page.url).path == urlsplit(path).path
    # What a buyer reads is in the language of the link, whatever the browser speaks.
    if not BUYERS.search(path):
        assert page.locator("html").get_attribute("lang") == language.removesuffix("-US")


def found_by_axe(pages: dict[str, Page], look: str, rule: str = "") -> list[str]:
    for page in pages.values():
        begin_looking(page, rule)
    return [
        f"{language}, {look}: {line}"
        for language, page in pages.items()
        for line in end_looking(page)
    ]


def sideways(pages: dict[str, Page]) -> list[str]:
    return [
        f"{language}, {page.viewport_size}: scrolls sideways"
        for language, page in pages.items()
        if is_wider_than_the_window(page)
    ]
