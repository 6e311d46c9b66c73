"""Records traces of real Chromium sessions, of people's kinds and of machines', driven here.

    python -m tests.sharing.traces.record

Takes about three minutes, as reading does.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.models import Beacon, Hit, Visit
from tests import factories
from tests.browser.conftest import answering, installation
from tests.browser.reading import add_link, hashed, last_visit, serve_small_page
from tests.sharing.traces.make import RECORDED, written
from tests.sharing.traces.parts import ANDROID, CHROME

Act = Callable[[Page, Random], None]
DESK = {"user_agent": CHROME.format(v=140), "viewport": {"width": 1280, "height": 800}}
POCKET = {
    "user_agent": ANDROID.format(v=140, w=4),
    "viewport": {"width": 390, "height": 800},
    "has_touch": True,
    "is_mobile": True,
}


def reads(page: Page, chance: Random) -> None:
    """Scroll and point with the pauses of somebody who reads."""
    for _ in range(chance.randint(5, 8)):
        page.wait_for_timeout(chance.lognormvariate(6.6, 0.7))
        if chance.random() < 0.3:
            page.mouse.move(chance.randint(50, 700), chance.randint(50, 600), steps=6)
        else:
            page.mouse.wheel(0, chance.randint(150, 600))
    page.wait_for_timeout(1500)


def keys(page: Page, chance: Random) -> None:
    """Read by the keyboard."""
    for _ in range(chance.randint(4, 6)):
        page.wait_for_timeout(chance.lognormvariate(6.8, 0.6))
        page.keyboard.press(chance.choice(("PageDown", "ArrowDown", "Space")))
    page.wait_for_timeout(1200)


def swipes(page: Page, chance: Random) -> None:
    """Read with a thumb."""
    for _ in range(chance.randint(4, 7)):
        page.wait_for_timeout(chance.lognormvariate(6.6, 0.6))
        page.touchscreen.tap(chance.randint(50, 300), chance.randint(100, 700))
        page.evaluate(f"scrollBy(0, {chance.randint(200, 700)})")
    page.wait_for_timeout(1200)


def holds_still(page: Page, chance: Random) -> None:
    """Look at the first page and touch nothing."""
    page.wait_for_timeout(chance.randint(4500, 8000))


def five_seconds(page: Page, chance: Random) -> None:
    """Open, point once or twice, close."""
    page.wait_for_timeout(chance.randint(1200, 1800))
    page.mouse.move(400, 300, steps=4)
    page.wait_for_timeout(chance.randint(2000, 3200))
    page.mouse.move(600, 20, steps=4)
    page.wait_for_timeout(500)


def walks(page: Page, chance: Random) -> None:
    """Walk through the pages by script, as scanners that run scripts do."""
    page.mouse.move(100, 100)
    for number in range(6):
        page.evaluate(f"scrollTo(0, {number * 720})")
        page.wait_for_timeout(900)


def wheels_by_timer(page: Page, chance: Random) -> None:
    """Send trusted input at a fixed pace."""
    for _ in range(9):
        page.wait_for_timeout(600)
        page.mouse.wheel(0, 480)


def waits(page: Page, chance: Random) -> None:
    """Load, wait for what the page does, and go."""
    page.wait_for_timeout(chance.randint(3600, 6000))


def dispatches(page: Page, chance: Random) -> None:
    """Make up events in the page itself."""
    for _ in range(8):
        page.wait_for_timeout(700)
        page.evaluate("document.dispatchEvent(new WheelEvent('wheel', {bubbles: true}))")


SESSIONS: dict[str, tuple[str, dict[str, Any], float, Act]] = {
    "chromium_reads": ("human", DESK, 5000, reads),
    "chromium_reads_at_once": ("human", DESK, 25, reads),
    "chromium_by_keys": ("human", DESK, 900, keys),
    "chromium_phone": ("human", POCKET, 300, swipes),
    "chromium_phone_held_still": ("human", POCKET, 30, holds_still),
    "chromium_five_seconds": ("human", DESK, 20, five_seconds),
    "chromium_walks": ("scanner", DESK, 300, walks),
    "chromium_wheels_by_timer": ("scanner", DESK, 300, wheels_by_timer),
    "chromium_waits": ("scanner", DESK, 15, waits),
    "chromium_headless_waits": ("scanner", {}, 4000, waits),
    "chromium_dispatches": ("scanner", DESK, 4000, dispatches),
}
EACH = 2


def recorded(app: Flask, where: str, browser: Browser) -> list[dict[str, Any]]:
    """Play every session and return what the server kept of it."""
    traces = []
    for name, (label, options, since_sent, act) in SESSIONS.items():
        for number in range(EACH):
            chance = Random(f"{name}:{number}")
            _sent(app, since_sent)
            context = browser.new_context(base_url=where, locale="pt-BR", **options)
            page = context.new_page()
            page.goto("/small")
            act(page, chance)
            page.goto("about:blank")
            page.wait_for_timeout(300)
            context.close()
            head = {"family": name, "number": number, "label": label, "split": "test"}
            traces.append(head | _kept(app, since_sent))
            sys.stdout.write(f"{name} {number}\n")
    return traces


def _sent(app: Flask, since: float) -> None:
    with app.app_context():
        link = db.session.scalars(select(ShareLink).where(ShareLink.token_hash == hashed())).one()
        link.sent_at = now() - timedelta(seconds=since)
        db.session.commit()


def _kept(app: Flask, since_sent: float) -> dict[str, Any]:
    with app.app_context():
        visit = last_visit()
        hits = db.session.scalars(select(Hit).where(Hit.visit_id == visit.id).order_by(Hit.id))
        beacons = select(Beacon).where(Beacon.visit_id == visit.id).order_by(Beacon.number)
        return {
            "asked": [
                {"at": _seconds(visit, hit), "what": hit.what.value, "page": hit.page,
                 "facts": hit.facts}
                for hit in hits
            ],
            "reports": [_report(visit, beacon) for beacon in db.session.scalars(beacons)],
            "since_sent": since_sent,
            "networks": 1,
            "who": "",
            "verified": False,
        }  # fmt: skip


def _seconds(visit: Visit, row: Hit | Beacon) -> float:
    return round(max(0.0, (row.at - visit.started_at).total_seconds()), 3)


def _report(visit: Visit, beacon: Beacon) -> dict[str, Any]:
    (_n, at), *events = beacon.events
    arrived = round(_seconds(visit, beacon) * 1000)
    return {"number": beacon.number, "arrived": arrived, "now": at, "events": events}


def main() -> None:
    """Write the traces down anew."""
    app = installation(Path(tempfile.mkdtemp()))
    serve_small_page(app)
    with app.app_context():
        add_link(factories.user(), factories.asset())
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with answering(app) as where, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        RECORDED.write_text(written(recorded(app, where, browser)))
        browser.close()


if __name__ == "__main__":
    main()
