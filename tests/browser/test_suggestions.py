"""The search box proposes while somebody types, on every page, by keys alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update

from contentlib.accounts.queries import find_user
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_id
from contentlib.finding.models import SearchLog
from contentlib.jobs.worker import Worker
from tests import factories
from tests.browser.conftest import PHONE, Open, findings, is_wider_than_the_window

BOX, LIST = "[data-search-focus]", "#suggestions"


@pytest.fixture(scope="session", autouse=True)
def shelf(served: Flask) -> None:
    """Materials about things that nobody else writes of, and a search made before."""
    with served.app_context():
        owner, seller = find_user("marketer@firm.example"), find_user("seller@firm.example")
        factories.asset("Gaxeta na proposta", owner=owner, stage="proposal")
        factories.asset("Gaxeta na negociação", owner=owner, stage="negotiation")
        factories.asset("Retentor", owner=owner)
        db.session.add(
            SearchLog(
                id=str(new_id()),
                user_id=seller.id,
                query="gaxeta barata",
                normalised="gaxeta barata",
                filters={},
                results=2,
                milliseconds=3,
                searched_at=now() - timedelta(hours=1),
            )
        )
        db.session.commit()
        Worker(served, lease_seconds=60).drain()


def marked(page: Page) -> str:
    """Return the words of the line that the arrows have reached, none if they have not."""
    return page.evaluate(
        """box => {
            const id = document.querySelector(box).getAttribute("aria-activedescendant");
            const line = id && document.getElementById(id);
            return line ? line.querySelector(".suggestion-label").textContent.trim() : "";
        }""",
        BOX,
    )


@pytest.mark.parametrize("language", ["pt-BR", "en-US"])
def test_from_any_page_typing_proposes_and_enter_opens_what_the_arrows_reached(
    open_page: Open, language: str
) -> None:
    page = open_page("seller", "/deals", locale=language)
    page.keyboard.press("/")
    page.keyboard.type("gaxet", delay=30)
    lines = page.locator(f"{LIST} [role=option]")
    # Before a letter was typed, what was searched for lately is proposed.
    expect(lines.first).to_contain_text("Gaxeta")
    expect(lines).to_have_count(3)
    expect(page.locator("#suggestions-spoken")).to_have_text(re.compile("^3 sug"))
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "true")
    assert marked(page) == ""
    page.keyboard.press("ArrowDown")
    first = marked(page)
    assert first.startswith("Gaxeta")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert marked(page) == first
    page.keyboard.press("ArrowUp")
    assert marked(page) == ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(first)


def test_enter_with_nothing_marked_searches_and_esc_closes_the_list_before_it_leaves(
    open_page: Open,
) -> None:
    page = open_page("seller", "/me", locale="pt-BR")
    page.keyboard.press("/")
    page.keyboard.type("gaxeta")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(LIST)).to_be_hidden()
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator(BOX)).to_have_value("gaxeta")
    page.keyboard.press("ArrowDown")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=gaxeta$"))


def test_a_name_leads_to_the_library_narrowed_by_it(open_page: Open) -> None:
    page = open_page("seller", "/", locale="pt-BR")
    page.keyboard.press("/")
    page.keyboard.type("gaxeta negoc")
    page.get_by_role("option", name="Negociação com “gaxeta”").click()
    expect(page).to_have_url(re.compile(r"/search\?q=gaxeta&stage=negotiation$"))
    expect(page.locator("h1")).to_have_text("1 resultado")


@pytest.fixture
def lately(served: Flask) -> None:
    """Only some are listed: let the search made before be later than those of other tests."""
    with served.app_context():
        made = SearchLog.normalised == "gaxeta barata"
        db.session.execute(update(SearchLog).where(made).values(searched_at=now()))
        db.session.commit()


@pytest.mark.usefixtures("lately")
def test_where_results_come_while_typing_the_list_shows_only_past_searches(
    open_page: Open,
) -> None:
    page = open_page("seller", "/search?stage=proposal", locale="pt-BR")
    page.keyboard.press("/")
    expect(page.locator(LIST)).to_contain_text("gaxeta barata")
    page.keyboard.type("gaxeta")
    expect(page.locator("h1")).to_have_text("1 resultado")
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("a[data-result]").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    past = page.get_by_role("option", name="gaxeta barata")
    expect(past).to_be_visible()
    while marked(page) != "gaxeta barata":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=gaxeta\+barata&stage=proposal$"))
    expect(page.locator(LIST)).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("gaxeta barata")


def test_past_the_last_line_the_arrows_reach_the_results(open_page: Open) -> None:
    page = open_page("seller", "/search")
    page.keyboard.press("/")
    lines = page.locator(f"{LIST} [role=option]")
    expect(lines.first).to_be_visible()
    for _ in range(lines.count() + 1):
        page.keyboard.press("ArrowDown")
    expect(page.locator("a[data-result]").first).to_be_focused()
    expect(page.locator(LIST)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, 1360])
def test_the_open_list_is_accessible_and_fits(open_page: Open, width: int, scheme: str) -> None:
    page = open_page("seller", "/", width=width, locale="pt-BR", color_scheme=scheme)
    page.locator(BOX).fill("gaxeta nego")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert findings(page) == []
    assert not is_wider_than_the_window(page)


def held(page: Page, address: str) -> list[Route]:
    """Keep back the answers from an address, and return what waits for them."""
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(re.compile(address), keep)
    return waiting


def test_an_older_answer_never_takes_the_place_of_a_newer_one(open_page: Open) -> None:
    page = open_page("seller", "/search", locale="pt-BR")
    older = held(page, r"/search\?q=gaxeta$")
    with page.expect_request(re.compile(r"/search\?q=gaxeta$")):
        page.locator(BOX).fill("gaxeta")
    page.locator(BOX).fill("retentor")
    expect(page.locator("h1")).to_have_text("1 resultado")
    older[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator("h1")).to_have_text("1 resultado")
    expect(page.locator("#found-spoken")).to_have_text("1 resultado")
    expect(page).to_have_url(re.compile("q=retentor$"))


def test_a_slow_answer_is_seen_to_be_on_its_way(open_page: Open) -> None:
    page = open_page("seller", "/search?q=gaxeta")
    waiting = held(page, "q=retentor$")
    page.locator(BOX).fill("retentor")
    expect(page.locator("#found")).to_have_css("opacity", "0.55")
    waiting[0].continue_()
    expect(page.locator("h1")).to_have_text(re.compile("^1 "))
    expect(page.locator("#found")).to_have_css("opacity", "1")


def test_who_has_reached_a_line_keeps_it_when_another_list_comes(open_page: Open) -> None:
    page = open_page("seller", "/deals", locale="pt-BR")
    page.keyboard.press("/")
    page.keyboard.type("gaxe")
    expect(page.locator(f"{LIST} [role=option]")).to_have_count(3)
    waiting = held(page, r"/search/suggest\?q=gaxet$")
    with page.expect_request(re.compile(r"q=gaxet$")):
        page.keyboard.type("t")
    page.keyboard.press("ArrowDown")
    reached = marked(page)
    assert reached.startswith("Gaxeta")
    with page.expect_response(re.compile(r"q=gaxet$")):
        waiting[0].continue_()
    expect(page.locator(f"{LIST}.htmx-settling")).to_have_count(0)
    assert marked(page) == reached
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(reached)
