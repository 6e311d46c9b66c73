"""Hostile PDFs in the viewer: nothing of them is run or fetched, and the page goes on answering."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from contentlib.jobs.worker import Worker
from tests.browser.hostile_pdfs import active, heavy
from tests.browser.test_bytes import Listener, listener, published
from tests.extraction import files

__all__ = ["listener"]
PATIENCE = 15_000


@pytest.fixture
def tempted(
    desktop_chromium: Browser, address: str, signed_in: Callable[[str], Any]
) -> Iterator[tuple[Page, list[str]]]:
    """A seller's page, and what came of it beside the viewer: dialogs, windows, other origins."""
    context = desktop_chromium.new_context(base_url=address, storage_state=signed_in("seller"))
    page, seen = context.new_page(), list[str]()

    def note(dialog: Any) -> None:
        seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def request(asked: Any) -> None:
        if not asked.url.startswith((address, "data:", "blob:" + address)):
            seen.append(f"request {asked.url}")

    page.on("dialog", note)
    page.on("download", lambda download: seen.append(f"download {download.url}"))
    context.on("page", lambda other: seen.append(f"window {other.url}"))
    context.on("request", request)
    yield page, seen
    context.close()


def settled(page: Page) -> str:
    """Wait until pages are shown or it is told why not; return which."""
    shown = page.locator(".pdfViewer .page[data-loaded], [data-reader-plain] .notice").first
    # A page may be too narrow to be seen.
    expect(shown).to_be_attached(timeout=PATIENCE)
    page.wait_for_timeout(250)
    return "told" if page.locator("[data-reader-plain] .notice").count() else "shown"


def answers(page: Page) -> float:
    """Return how long the page takes to answer, in seconds."""
    began = time.perf_counter()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return time.perf_counter() - began


def test_nothing_in_a_pdf_acts_in_the_viewer(
    served: Flask, listener: Listener, tempted: tuple[Page, list[str]], tmp_path: Path
) -> None:
    page, seen = tempted
    made = active(listener.url, tmp_path)
    with served.app_context():
        numbers = {name: published(content, f"{name}.pdf") for name, content in made.items()}
    Worker(served, lease_seconds=60).drain()
    shown = {}
    for name, number in numbers.items():
        page.goto(f"/assets/{number}/read?find=hostil")
        shown[name] = settled(page)
        assert page.url.partition("?")[0].endswith("/read"), name
        for link in page.locator(".annotationLayer a").all():
            # Where it leads to the web, it is the reader who goes there.
            if not str(link.get_attribute("href")).startswith(listener.url):
                link.click(timeout=2000, force=True)
        page.wait_for_timeout(100)
        assert (name, listener.heard, seen) == (name, [], [])
        drawn = page.locator(
            ".pdfViewer :is(input, textarea, select, button, iframe, object, embed, script, img)"
        )
        assert (name, drawn.count()) == (name, 0)
    assert set(shown.values()) == {"shown"}


def test_whatever_shape_a_file_has_the_page_goes_on_answering(
    served: Flask, tempted: tuple[Page, list[str]], tmp_path: Path
) -> None:
    page, seen = tempted
    made = heavy(tmp_path)
    made["a billion pages"] = files.pdf_claiming_a_billion_pages(tmp_path / "a.pdf").read_bytes()
    with served.app_context():
        numbers = {name: published(content, f"{name}.pdf") for name, content in made.items()}
    Worker(served, lease_seconds=60).drain()
    for name, number in numbers.items():
        page.goto(f"/assets/{number}/read?page=3000&find=hostil")
        settled(page)
        assert answers(page) < 3, name
        pixels = page.locator(".pdfViewer canvas").evaluate_all(
            "all => Math.max(0, ...all.map(one => one.width * one.height))"
        )
        assert pixels <= 20_000_000, name
    assert seen == []


def test_what_had_to_be_stopped_here_is_handed_to_no_browser(
    served: Flask, tempted: tuple[Page, list[str]], tmp_path: Path
) -> None:
    page, _ = tempted
    with served.app_context():
        bomb = published(files.pdf_bomb(tmp_path / "bomb.pdf").read_bytes(), "Bomba.pdf")
    Worker(served, lease_seconds=60).drain()
    page.goto(f"/assets/{bomb}/read")
    assert page.url.endswith(f"/assets/{bomb}")
    expect(page.get_by_text("Could not be read").first).to_be_visible()
    assert page.request.get(f"/assets/{bomb}/pages.pdf").status == 404
