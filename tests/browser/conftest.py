"""A real browser on a served application, with one person of each role."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from contentlib.accounts import service as accounts
from contentlib.accounts.models import Role
from contentlib.app import create_app
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.paths import resource
from tests.conftest import REAL_PARTS

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application of its own, whose demo door lets a test in as anybody."""
    folder = tmp_path_factory.mktemp("served")
    app = create_app(
        Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/db",
            storage_url=f"file:{folder}/files",
            search_url=f"whoosh:{folder}/index",
            secret_key="k3y-for-tests-only-0123456789abcdefghij",
            base_url="http://127.0.0.1",
            demo=True,
        )
    )
    with app.app_context():
        upgrade(directory=str(resource("migrations")))
        for role in Role:
            accounts.add_user(
                email=f"{role}@firm.example", name=f"{role.title()} Lima", role=role, team=None
            )
        db.session.commit()
    return app


@pytest.fixture(scope="session")
def address(served: Flask) -> Iterator[str]:
    """Where the application answers."""
    server = make_server("127.0.0.1", 0, served, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=REAL_PARTS["chromium"](), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, address: str) -> Callable[[str], Any]:
    """Sign in once for each role, through the demo's door, and keep what the browser got."""

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

    def open_as(role: str, path: str, *, width: int = 1360, **options: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            base_url=address,
            storage_state=signed_in(role),
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: line.type == "error" and wrong.append(line.text))
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    # A refusal that a test asked for is told by the browser as well.
    assert [line for line in wrong if "422" not in line] == []


def findings(page: Page) -> list[str]:
    """Return what axe finds wrong with a page; run beside the page's own policy on scripts."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def is_wider_than_the_window(page: Page) -> bool:
    """Tell whether a page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
