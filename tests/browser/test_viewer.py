"""The viewer in a real browser: it opens at a page, finds words, and says what it cannot show."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from contentlib.core.db import db
from contentlib.jobs.worker import Worker
from contentlib.library import service
from contentlib.library.models import Asset
from tests.browser.conftest import PHONE, Open, findings, is_wider_than_the_window, settle
from tests.browser.test_bytes import published
from tests.extraction import files

PAGES = 14
TALKING = {3: "O preço por entrega caiu.", 12: "Preços à vista: o PREÇO da ação.", 13: "por ação"}


def book(*, noise: bytes = b"") -> bytes:
    """Return a file of some pages, of which three have something to say; no two are alike."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setTitle(uuid4().hex)
    for number in range(1, PAGES + 1):
        canvas.setPageSize(landscape(A4) if number % 5 == 0 else A4)
        canvas.drawString(72, 500, TALKING.get(number, f"Folha {number}"))
        canvas.linkURL("https://firm.example/mais", (72, 400, 300, 420))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue() + noise


@pytest.fixture(scope="module")
def number(served: Flask) -> int:
    return known(served, book(), "Livro.pdf")


def known(served: Flask, content: bytes, name: str) -> int:
    """Publish a file that the worker has read."""
    with served.app_context():
        asset = published(content, name)
    Worker(served, lease_seconds=60).drain()
    return asset


def ready(page: Page) -> Page:
    """Wait until a page of the file is painted with its words over it."""
    expect(page.locator(".pdfViewer .page[data-loaded]").first).to_be_visible()
    expect(page.locator(".textLayer span").first).to_be_attached()
    settle(page)
    return page


def here(page: Page) -> Any:
    return expect(page.get_by_label("Go to page"))


def hits(page: Page) -> Any:
    return expect(page.locator("[data-reader-hit]"))


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_it_opens_at_the_page_and_marks_the_word_whatever_its_accents(
    open_page: Open, number: int
) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read?page=12&find=preco"))
    hits(page).to_have_text("2 of 3")
    here(page).to_have_value("12")
    chosen = page.locator(".textLayer .highlight.selected")
    expect(chosen).to_have_text("Preço")
    expect(chosen).to_be_in_viewport()
    top = page.locator(".page[data-page-number='12']").bounding_box()
    bar = page.locator(".reader-bar").bounding_box()
    assert top
    assert bar
    # The whole page from its top, not the line that was found.
    assert abs(top["y"] - bar["height"] - 12) < 3
    expect(page.locator("[data-reader-count]")).to_have_text(str(PAGES))
    assert findings(page) == []


def test_hits_follow_each_other_round_the_file_in_both_directions(
    open_page: Open, number: int
) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read?page=12&find=PRECO"))
    hits(page).to_have_text("2 of 3")
    page.get_by_role("button", name="Next hit").click()
    hits(page).to_have_text("3 of 3")
    page.get_by_role("searchbox").press("Enter")
    hits(page).to_have_text("1 of 3")
    here(page).to_have_value("3")
    page.get_by_role("searchbox").press("Shift+Enter")
    hits(page).to_have_text("3 of 3")
    page.get_by_role("button", name="Previous hit").click()
    hits(page).to_have_text("2 of 3")
    here(page).to_have_value("12")


def test_words_are_sought_as_they_stand_and_otherwise_each_by_itself(
    open_page: Open, number: int
) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read?find=preco+por+entrega"))
    hits(page).to_have_text("1 of 1")
    expect(page.locator(".highlight.selected").first).to_have_text(re.compile("preço por entrega"))
    field = page.get_by_role("searchbox")
    field.fill("entrega acao")
    hits(page).to_have_text(re.compile("of 3"))
    field.fill("xyzzyq")
    hits(page).to_have_text("Not found")
    expect(page.get_by_role("button", name="Next hit")).to_be_disabled()
    field.fill("")
    hits(page).to_have_text("")
    expect(page.locator(".highlight")).to_have_count(0)


def test_keys_lead_to_the_field_from_page_to_page_and_to_sizes(
    open_page: Open, number: int
) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read"))
    field, keys = page.get_by_role("searchbox"), page.keyboard
    keys.press("ArrowRight")
    here(page).to_have_value("2")
    keys.press("ArrowLeft")
    here(page).to_have_value("1")
    keys.press("End")
    here(page).to_have_value(str(PAGES))
    keys.press("Home")
    here(page).to_have_value("1")
    keys.press("PageDown")
    keys.press("PageDown")
    here(page).to_have_value("2")
    before = page.locator(".page").first.bounding_box()
    keys.press("+")
    page.wait_for_function(
        "width => document.querySelector('.page').clientWidth > width", arg=before["width"]
    )
    keys.press("/")
    expect(field).to_be_focused()
    keys.type("+ação")
    hits(page).to_have_text("Not found")
    keys.press("Escape")
    expect(field).not_to_be_focused()
    keys.press("Control+f")
    expect(field).to_be_focused()
    keys.type("acao")
    hits(page).to_have_text("1 of 2")
    keys.press("Escape")
    keys.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    assert findings(page, "#keys-help") == []


def test_the_address_tells_where_one_is_and_leads_there_again(open_page: Open, number: int) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read?deal=7#page=5"))
    here(page).to_have_value("5")
    page.get_by_label("Go to page").fill("13")
    page.get_by_label("Go to page").press("Enter")
    page.get_by_role("searchbox").fill("ação")
    page.get_by_label("Size").last.select_option("page-width")
    page.wait_for_url(re.compile(r"zoom=page-width"))
    there = asked(page)
    assert there["page"] in (["12"], ["13"])
    assert (there["find"], there["zoom"], there["deal"]) == (["ação"], ["page-width"], ["7"])
    page.reload()
    ready(page)
    here(page).to_have_value(there["page"][0])
    hits(page).to_have_text(re.compile("of 2"))
    page.evaluate("location.hash = '#page=4'")
    here(page).to_have_value("4")
    page.locator("[data-reader-home]").click()
    page.wait_for_url(re.compile(rf"/assets/{number}\?deal=7#p4$"))


def test_small_pictures_lead_to_their_pages(open_page: Open, number: int) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read"))
    thumb = page.locator(".reader-thumb").nth(8)
    thumb.click()
    here(page).to_have_value("9")
    expect(thumb).to_have_attribute("aria-current", "page")
    assert page.locator(".reader-thumb").count() == PAGES


def test_a_phone_has_large_targets_and_nothing_beside_the_window(
    open_page: Open, number: int
) -> None:
    page = open_page(
        "seller", f"/assets/{number}/read?page=12", width=PHONE, locale="pt-BR", color_scheme="dark"
    )
    ready(page)
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Buscar neste arquivo").click()
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("preço")
    hits(page).to_have_text("2 de 3")
    small = page.locator(".reader-bar :is(a, button, select, .reader-number):visible").evaluate_all(
        "all => all.filter(one => Math.min(one.offsetWidth, one.offsetHeight) < 44)"
        ".map(one => one.outerHTML)"
    )
    assert small == []
    outside = page.locator(".reader-bar :is(a, button, input, form):visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > innerWidth)"
        ".map(one => one.outerHTML)"
    )
    assert outside == []
    assert not is_wider_than_the_window(page)
    assert findings(page) == []


def test_links_of_a_file_open_apart_and_know_nothing_of_where_they_came_from(
    open_page: Open, number: int
) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read"))
    link = page.locator(".annotationLayer a[href]").first
    expect(link).to_have_attribute("href", "https://firm.example/mais")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert page.locator(".annotationLayer :is(input, textarea, select, button)").count() == 0


def test_printing_takes_every_page_as_a_picture(open_page: Open, number: int) -> None:
    page = open_page("seller", None)
    page.add_init_script(
        "window.print = () => { window.printed = [...document.querySelectorAll('.reader-sheet')]"
        ".map(sheet => [sheet.className, sheet.firstChild.naturalWidth]); }"
    )
    page.goto(f"/assets/{number}/read")
    ready(page)
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.printed")
    printed = page.evaluate("window.printed")
    assert len(printed) == PAGES
    assert {width > 1200 for _, width in printed} == {True}
    assert sum("is-lying" in name for name, _ in printed) == 2
    expect(page.locator(".reader-sheet")).to_have_count(0)


def test_a_sheet_of_paper_holds_one_page_and_none_is_left_over(
    open_page: Open, number: int
) -> None:
    page = ready(open_page("seller", f"/assets/{number}/read"))
    page.evaluate(
        "() => document.querySelector('[data-reader-paper]').append("
        "...['', ' is-lying', ''].map(name => Object.assign("
        "document.createElement('div'), { className: `reader-sheet${name}` })))"
    )
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    sizes = [tuple(map(round, paper[index].get_size())) for index in range(len(paper))]
    assert sizes == [(595, 842), (842, 595), (595, 842)]


def test_a_large_file_shows_its_page_before_most_of_it_has_come(
    open_page: Open, served: Flask
) -> None:
    size = 9_000_000
    buffer = BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    for number in range(1, 41):
        canvas.drawString(72, 500, f"Folha {number}")
        canvas.addLiteral("% " + uuid4().hex * (size // 40 // 32))
        canvas.showPage()
    canvas.save()
    content = buffer.getvalue()
    assert len(content) > size
    asset = known(served, content, "Grande.pdf")
    page = open_page("seller", None)
    parts: list[tuple[int, int]] = []

    def note(request: Any) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if found:
            parts.append((int(found[1]), int(found[2])))

    page.on("request", note)
    page.goto(f"/assets/{asset}/read?page=20")
    ready(page)
    here(page).to_have_value("20")
    assert parts
    assert sum(last - first for first, last in parts) < size / 2


def test_a_password_is_asked_for_here_and_sent_nowhere(
    open_page: Open, served: Flask, tmp_path: Path
) -> None:
    secret = "s3gredo-" + uuid4().hex
    locked = files.pdf(tmp_path / "locked.pdf", "Dentro do cofre", password=secret)
    asset = known(served, locked.read_bytes(), "Fechado.pdf")
    page = open_page("seller", None)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    page.goto(f"/assets/{asset}/read?find=cofre")
    field = page.get_by_label("Password")
    expect(field).to_be_focused()
    assert findings(page) == []
    field.fill("errada")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not the password")
    assert findings(page) == []
    field.fill(secret)
    field.press("Enter")
    ready(page)
    hits(page).to_have_text("1 of 1")
    assert [line for line in sent if secret in line or "errada" in line] == []


@pytest.mark.parametrize("cut", ["middle", "start"])
def test_a_damaged_file_is_shown_as_far_as_it_could_be_read(
    open_page: Open, served: Flask, cut: str
) -> None:
    content = book()
    broken = content[:60] if cut == "start" else b"%PDF-1.7\n" + content[2000:4000]
    asset = known(served, broken, "Cortado.pdf")
    page = open_page("seller", f"/assets/{asset}/read")
    expect(page.locator("[data-reader-plain] .notice").first).to_contain_text("damaged")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.locator(".reader-actions .btn:visible")).to_have_count(1)
    assert findings(page) == []


@pytest.fixture
def page_with_errors(
    chromium: Browser, address: str, signed_in: Callable[[str], Any]
) -> Iterator[Page]:
    """A page on which the browser may complain."""
    context = chromium.new_context(base_url=address, storage_state=signed_in("seller"))
    yield context.new_page()
    context.close()


def test_a_browser_that_cannot_run_the_viewer_shows_pictures_and_says_why(
    page_with_errors: Page, number: int
) -> None:
    page = page_with_errors
    page.route("**/pdf.min.mjs", lambda route: route.fulfill(body="?!", content_type="text/plain"))
    page.goto(f"/assets/{number}/read?page=2")
    plain = page.locator("[data-reader-plain]")
    expect(plain.locator(".notice").first).to_contain_text("does not work in this browser")
    expect(plain.locator("#p2 img")).to_be_visible()
    # Led to its page, one still reads why it is a picture.
    expect(plain.locator(".notice").first).to_be_in_viewport(ratio=1)


def test_without_javascript_the_pages_are_pictures(
    chromium: Browser, address: str, signed_in: Callable[[str], Any], number: int
) -> None:
    context = chromium.new_context(
        base_url=address, storage_state=signed_in("seller"), java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"/assets/{number}/read")
    expect(page.locator(".reader-plain .notice").first).to_contain_text("JavaScript")
    expect(page.locator(".reader-plain #p1 img")).to_be_visible()
    expect(page.locator(".reader-find")).to_be_hidden()
    expect(page.get_by_role("button", name="Download")).to_be_visible()
    context.close()


def test_what_is_withdrawn_while_somebody_reads_is_told(
    page_with_errors: Page, served: Flask
) -> None:
    asset = known(served, book(), "Retirado.pdf")
    page = page_with_errors
    page.route("**/pages.pdf*", lambda route: (withdraw(served, asset), route.continue_()))
    page.goto(f"/assets/{asset}/read")
    plain = page.locator("[data-reader-plain]")
    expect(plain.locator(".notice")).to_contain_text("no longer available")
    expect(plain.locator("img")).to_have_count(0)


def withdraw(served: Flask, asset: int) -> None:
    with served.app_context():
        service.archive(db.session.get_one(Asset, asset))
        db.session.commit()
