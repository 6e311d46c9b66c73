"""The script of a link's page in a real browser: it tells what was looked at, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from contentlib.core.db import db, reading
from contentlib.sharing.visits.gathering import Judged, judged, load
from contentlib.sharing.visits.models import Beacon, VisitClass
from tests import factories
from tests.browser.conftest import answering, installation, patiently
from tests.browser.reading import add_link, last_visit, serve_small_page

WITHOUT_OBSERVER = "delete window.IntersectionObserver"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = installation(tmp_path_factory.mktemp("reading"))
    serve_small_page(app)
    with app.app_context():
        add_link(factories.user(), factories.asset())
    return app


@pytest.fixture(scope="module")
def where(small: Flask) -> Iterator[str]:
    with answering(small) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, where: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=where, viewport={"width": 800, "height": 700})
    # The page's own clock is held, so that minutes of reading take no time.
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def verdict(app: Flask) -> Judged:
    with app.app_context(), reading():
        [one] = judged(load([last_visit().id]))
        db.session.rollback()
        return one


def leave(page: Page) -> None:
    """Let a page hear that it is left, while one can still see what it sends."""
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")


def told(page: Page) -> list[dict[str, object]]:
    """Return the reports of a page as they are sent from now on."""
    sent: list[dict[str, object]] = []
    page.on("request", lambda asked: "/seen" in asked.url and sent.append(asked.post_data_json))
    return sent


def test_nothing_is_told_before_three_seconds(page: Page, small: Flask) -> None:
    sent = told(page)
    page.goto("/small")
    page.clock.run_for(2500)
    leave(page)
    assert sent == []


def test_the_first_report_comes_after_three_seconds_and_then_every_ten(page: Page) -> None:
    sent = told(page)
    page.goto("/small")
    page.clock.run_for(3500)
    page.evaluate("1")
    assert len(sent) == 1
    page.clock.run_for(21_000)
    page.evaluate("1")
    assert len(sent) == 3
    numbers = [int(str(one["number"])) for one in sent]
    assert [number - numbers[0] for number in numbers] == [0, 1, 2]
    assert all(one["events"][0][:3] == ["s", 1, 1] for one in sent)  # type: ignore[index]


def test_who_does_nothing_is_not_reading_after_a_minute(page: Page) -> None:
    sent = told(page)
    page.goto("/small")
    page.clock.run_for(200_000)
    page.evaluate("1")
    spans = [event for one in sent for event in one["events"] if event[0] == "s"]  # type: ignore[attr-defined]
    assert 59_000 <= sum(span[4] - span[3] for span in spans) <= 60_000


@pytest.mark.parametrize("observed", [True, False])
def test_pages_are_told_as_they_come_into_view(page: Page, observed: bool) -> None:
    if not observed:
        page.add_init_script(WITHOUT_OBSERVER)
    sent = told(page)
    page.goto("/small")
    page.clock.run_for(3500)
    page.mouse.wheel(0, 1420)
    page.wait_for_function("scrollY > 1300")
    page.clock.run_for(12_000)
    page.evaluate("1")
    events = [event for one in sent for event in one["events"]]  # type: ignore[attr-defined]
    assert [event[2] for event in events if event[0] == "s"][-1] == 3
    assert ["wheel", 1] in [event[2:] for event in events if event[0] == "i"]


def test_a_page_left_says_so(page: Page) -> None:
    sent = told(page)
    page.goto("/small")
    page.clock.run_for(5000)
    with page.expect_request(lambda asked: "/seen" in asked.url and '"e"' in str(asked.post_data)):
        leave(page)
    assert sum(event[0] == "e" for one in sent for event in one["events"]) == 1  # type: ignore[attr-defined]


def hide(page: Page, hidden: bool) -> None:
    """Put another tab in front of a page, or it in front again."""
    page.evaluate(
        """state => {
            const told = { value: state, configurable: true };
            Object.defineProperty(document, "visibilityState", told);
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        "hidden" if hidden else "visible",
    )


@pytest.mark.parametrize("beacons", [True, False])
def test_what_a_server_in_trouble_did_not_take_is_sent_again_and_counts_once(
    page: Page, small: Flask, beacons: bool
) -> None:
    """The last report of a page that is only put away: once refused, then taken, then repeated."""
    if not beacons:
        page.add_init_script("navigator.sendBeacon = undefined")
    sent = told(page)
    page.goto("/small")
    # No further than the server's own clock may be behind.
    page.clock.run_for(3500)
    page.route("**/seen", lambda route: route.fulfill(status=503))
    with page.expect_response(lambda answer: answer.status == 503):
        hide(page, True)
    lost = [one for one in sent if '"e"' in json.dumps(one)]
    page.unroute("**/seen")
    for _ in range(2):
        with page.expect_response("**/seen"):
            hide(page, False)
        page.clock.run_for(300)
        with page.expect_response("**/seen"):
            hide(page, True)
    again = [one for one in sent if one["number"] == lost[0]["number"]]
    assert len(again) >= 2
    assert all(one == lost[0] for one in again)
    numbers = sorted({int(str(one["number"])) for one in sent})
    with small.app_context(), reading():
        kept = (
            select(Beacon.number).where(Beacon.visit_id == last_visit().id).order_by(Beacon.number)
        )
        assert patiently(lambda: db.session.scalars(kept).all() == numbers)
        db.session.rollback()


def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    page.goto("/small")
    page.clock.run_for(5000)
    page.evaluate("1")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_script_is_small() -> None:
    assert len(Path("static/js/reading.js").read_bytes()) < 4500


def test_a_reader_in_real_time_is_a_person(chromium: Browser, where: str, small: Flask) -> None:
    page = chromium.new_page(base_url=where, viewport={"width": 800, "height": 700})
    page.goto("/small")
    with page.expect_response("**/seen"):
        for pause, delta in ((900, 300), (400, 200), (1500, 500), (700, 400)):
            page.wait_for_timeout(pause)
            page.mouse.wheel(0, delta)
    one = verdict(small)
    assert one.verdict.visit_class is VisitClass.HUMAN
    assert 2900 <= one.reading.active_ms <= one.reading.wall
    page.close()


def test_a_driven_browser_that_walks_the_page_by_script_is_no_person(
    chromium: Browser, where: str, small: Flask
) -> None:
    page = chromium.new_page(base_url=where, viewport={"width": 800, "height": 700})
    page.goto("/small")
    for number in range(5):
        page.evaluate(f"scrollTo(0, {number * 720})")
        page.wait_for_timeout(800)
    with page.expect_response("**/seen"):
        leave(page)
    one = verdict(small)
    assert one.verdict.visit_class is VisitClass.SCANNER
    # The browser tells of a pointer that the page came to lie under: no hand moved it.
    assert one.reading.done == ()
    page.close()
