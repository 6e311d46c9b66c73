"""A real browser on a served application, with one person of each role."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from contentlib.accounts import service as accounts
from contentlib.accounts.models import Role
from contentlib.app import create_app
from contentlib.core.db import db
from tests.browser import bundles
from tests.browser import firm as firms
from tests.conftest import REAL_PARTS
from tests.once import once
from tests.real.background import in_background
from tests.throwaway import migrate, settings_in

PHONE, WIDE = 360, 1360
KNOWN = "known.json"
# A slow machine is no failure.
expect.set_options(timeout=30_000)
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()

# A page at rest: htmx marks what it asks for and what it swaps; what moves for ever is no matter.
SETTLED = """async () => {
    const underWay = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added";
    const moving = () => document.getAnimations().filter(
        animation => animation.effect.getComputedTiming().endTime < Infinity);
    await document.fonts.ready;
    do {
        await new Promise(requestAnimationFrame);
        await Promise.allSettled(moving().map(animation => animation.finished));
    } while (moving().length || document.querySelector(underWay));
}"""
BEGIN = """([within, options]) => {
    window.found = new Promise(setTimeout).then(() => axe.run(within, options));
}"""
# A colour on its way from one theme to the other has the contrast of neither.
CALM = {"reduced_motion": "reduce"}

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def application(folder: Path, **facts: Any) -> Flask:
    """Give an application on what lies in a folder, whose demo door lets a test in as anybody."""
    return create_app(settings_in(folder, base_url="http://127.0.0.1", demo=True, **facts))


def installation(folder: Path, storage_url: str = "") -> Flask:
    """Give an application of its own, with one person of each role."""
    app = application(folder, storage_url=storage_url or f"file:{folder}/files")
    migrate(app)
    with app.app_context():
        for role in Role:
            accounts.add_user(
                email=f"{role}@firm.example", name=f"{role.title()} Lima", role=role, team=None
            )
        db.session.commit()
    return app


def furnish(folder: Path) -> None:
    """Write down a firm with rows of every kind that has a page, and their ids by name."""
    app, sent = installation(folder), folder / "sent"
    sent.mkdir()
    known = firms.furnish(app, sent)
    with app.app_context():
        known |= bundles.bundles(app)
        db.session.remove()
        # Whoever leaves last writes everything into the one file of the database.
        db.engine.dispose()
    (folder / KNOWN).write_text(json.dumps(known))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firm as it was written down, once for all processes of a run."""
    return once(tmp_path_factory, "furnished", furnish)


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application of most tests: with the firm's rows where any test of a run asks for them."""
    folder = tmp_path_factory.mktemp("served")
    if not any("firm" in getattr(item, "fixturenames", ()) for item in request.session.items):
        return installation(folder)
    shutil.copytree(request.getfixturevalue("furnished"), folder, dirs_exist_ok=True)
    return application(folder)


@pytest.fixture(scope="session")
def firm(served: Flask, furnished: Path) -> dict[str, Any]:
    """Rows of every kind that has a page: their ids by name."""
    known: dict[str, Any] = json.loads((furnished / KNOWN).read_text())
    return known


def whole(app: Any) -> Any:
    """Read each answer to its end before it is sent.

    A browser that has moved on drops its connections, and the server of these tests would then
    leave the files behind such answers open.
    """

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


class Quiet(WSGIRequestHandler):
    """Answers without writing a line for each request."""

    def log_request(self, *_args: object) -> None:
        """Write nothing."""


@contextmanager
def answering(app: Flask) -> Iterator[str]:
    """Let an application answer, and give where."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True, request_handler=Quiet)
    with in_background(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def address(served: Flask) -> Iterator[str]:
    """Where the application answers."""
    with answering(served) as address:
        yield address


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[[str], Browser]]:
    """Start a program as a browser; what has no language of its own asks for English."""
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def program(path: str) -> Browser:
            arguments = ["--no-sandbox", "--disable-gpu", "--accept-lang=en-US"]
            started.append(playwright.chromium.launch(executable_path=path, args=arguments))
            return started[-1]

        yield program
        for browser in started:
            browser.close()


@pytest.fixture(scope="session")
def chromium(launch: Callable[[str], Browser]) -> Browser:
    """Debian's browser, started once: where it is installed, without what draws its windows.

    That takes as long as the pages do, and shows nothing here.
    """
    return launch(shutil.which("chromium-headless-shell") or REAL_PARTS["chromium"]())


@pytest.fixture(scope="session")
def desktop_chromium(launch: Callable[[str], Browser]) -> Browser:
    """The browser as people have it, with all that a hostile file could make use of."""
    return launch(REAL_PARTS["chromium"]())


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, address: str) -> Callable[[str], Any]:
    """Sign in once for each role, through the demo's door, and keep what the browser got."""
    return door(chromium, address)


def door(chromium: Browser, address: str) -> Callable[[str], Any]:
    """Give what signs in at an address, once for each role."""

    @cache
    def enter(role: str) -> Any:
        page = chromium.new_page(base_url=address)
        page.goto("/sign-in")
        page.get_by_role("button", name=re.compile(f"^{role} Lima", re.IGNORECASE)).click()
        state = page.context.storage_state()
        page.close()
        return state

    return enter


@pytest.fixture
def open_page(chromium: Browser, address: str, signed_in: Callable[[str], Any]) -> Iterator[Open]:
    """Open a page as a person of a role; a script error or a refused resource fails the test."""
    contexts, wrong = [], []

    def open_as(role: str, path: str | None, *, width: int = WIDE, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            base_url=address,
            storage_state=signed_in(role) if role else None,
            **CALM | options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: line.type == "error" and wrong.append(told(line)))
        if path is not None:
            page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    # A refusal that a test asked for is told by the browser as well, and so is what a page was
    # still asking for when somebody left it.
    asked_for = (
        "415",
        "422",
        "ERR_CONNECTION_RESET",
        "/nowhere",
        "htmx:afterRequest",
        "htmx:sendError",
        "htmx:sendAbort",
    )
    assert [line for line in wrong if not any(words in line for words in asked_for)] == []


def told(line: ConsoleMessage) -> str:
    """Return what a browser complains of, and where."""
    return f"{line.text} {line.location['url']}"


def patiently(question: Callable[[], Any]) -> Any:
    """Ask until there is an answer, for what happens behind a page that has gone; or give up."""
    for _ in range(600):
        db.session.rollback()
        answer = question()
        if answer:
            break
        # A transaction held while one waits would keep out what one waits for.
        db.session.rollback()
        time.sleep(0.05)
    return answer


def settle(page: Page) -> None:
    """Wait until nothing of a page is on its way: fonts, requests of its parts, colours."""
    page.evaluate(SETTLED)


def findings(page: Page, within: str = "html") -> list[str]:
    """Return what axe finds wrong with a page at rest, or with a part of it."""
    begin_looking(page, within=within)
    return end_looking(page)


def begin_looking(page: Page, rule: str = "", within: str = "html") -> None:
    """Let axe begin its work on a page at rest, with all of its rules or one.

    It runs beside the page's own policy on scripts. Several pages can be looked at together.
    """
    settle(page)
    if not page.evaluate("'axe' in window"):
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False, "iframes": False}
    if rule:
        options["runOnly"] = [rule]
    page.evaluate(BEGIN, [within, options])


def end_looking(page: Page) -> list[str]:
    """Return what axe found since it began."""
    result = page.evaluate("found")
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def is_wider_than_the_window(page: Page) -> bool:
    """Tell whether a page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
