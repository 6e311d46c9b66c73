"""Files sent in a real browser: refused with a sentence, carried on after whatever interrupts."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import select

from contentlib import receiving
from contentlib.core.db import db
from contentlib.library import taxonomy
from contentlib.library.models import Asset, Blob
from tests.browser.conftest import Open
from tests.library.test_jobs import pdf

PART = 20_000
SMALLEST = 2**18
"""With what a browser begins that does not know yet what the line carries."""
PARTS = re.compile(r"/uploads/[^/]+$")


@pytest.fixture(autouse=True)
def small_parts(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PART", PART)
    with served.app_context():
        taxonomy.seed()
        db.session.commit()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A PDF of several parts, other bytes for each test."""
    path = tmp_path / "Caso do atraso.pdf"
    path.write_bytes(pdf(f"A conta de {tmp_path.name}") + b"%" * 6 * PART)
    return path


def choose(page: Page, *paths: Path) -> None:
    page.locator("[data-uploader] input[type=file]").set_input_files(list(paths))


def offsets(page: Page) -> list[int]:
    """Hear of each part that is sent from now on, by where it begins."""
    begun: list[int] = []

    def hear(request: Request) -> None:
        if request.method == "PATCH":
            begun.append(int(request.headers["upload-offset"]))

    page.on("request", hear)
    return begun


def break_line(page: Page, *, after: int) -> Callable[[], None]:
    """Let so many parts through and no further one; what is returned mends the line."""
    passed = 0

    def part(route: Route) -> None:
        nonlocal passed
        if route.request.method != "PATCH" or passed < after:
            passed += route.request.method == "PATCH"
            return route.continue_()
        return route.abort("connectionreset")

    page.route(PARTS, part)
    return lambda: page.unroute(PARTS)


def kept(served: Flask, path: Path) -> int:
    with served.app_context():
        return len(
            db.session.scalars(select(Blob.sha256).where(Blob.size == path.stat().st_size)).all()
        )


def test_several_files_become_drafts_and_a_refusal_keeps_its_sentence(
    open_page: Open, served: Flask, file: Path, tmp_path: Path
) -> None:
    program = tmp_path / "planilha.pdf"
    program.write_bytes(b"MZ\x90\x00" + bytes(3 * PART))
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    choose(page, file, program)
    rows = page.locator("#uploads")
    expect(rows.locator("[data-upload=done]")).to_contain_text("Caso do atraso")
    expect(rows.locator("[data-upload=failed]")).to_contain_text("planilha.pdf")
    expect(rows.locator("[data-upload=failed]")).to_contain_text("programa")
    assert kept(served, file) == 1
    with served.app_context():
        assert db.session.scalars(select(Asset).where(Asset.title == "planilha")).all() == []


def test_a_line_that_breaks_only_pauses_and_what_came_is_not_sent_again(
    open_page: Open, served: Flask, file: Path
) -> None:
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    mend, begun = break_line(page, after=3), offsets(page)
    choose(page, file)
    row = page.locator("#uploads .upload-row")
    expect(row).to_have_attribute("data-upload", "offline")
    expect(row).to_contain_text("continua sozinho")
    mend()
    expect(row).to_have_attribute("data-upload", "done")
    assert set(begun) == set(range(0, file.stat().st_size, PART))
    # Only the part at which the line broke was tried again.
    assert {at for at in begun if begun.count(at) > 1} == {3 * PART}
    assert kept(served, file) == 1


def test_a_line_that_carries_more_is_given_larger_parts(
    open_page: Open, served: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "PART", 4 * SMALLEST)
    film = tmp_path / "Caso filmado.pdf"
    film.write_bytes(pdf(f"A conta de {tmp_path.name}") + b"%" * 12 * SMALLEST)
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    begun = offsets(page)
    choose(page, film)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "done")
    # However slow this machine is, more than 64 KiB a second go from it to itself.
    assert begun[:2] == [0, SMALLEST]
    steps = [after - before for before, after in pairwise(begun)]
    assert steps == sorted(steps)
    assert max(steps) == 4 * SMALLEST
    assert kept(served, film) == 1


def test_it_can_be_paused_and_goes_on_where_it_was(
    open_page: Open, served: Flask, file: Path
) -> None:
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    mend = break_line(page, after=2)
    choose(page, file)
    row = page.locator("#uploads .upload-row")
    expect(row).to_have_attribute("data-upload", "offline")
    row.get_by_role("button", name="Pausar").click()
    expect(row).to_have_attribute("data-upload", "paused")
    mend()
    begun = offsets(page)
    row.get_by_role("button", name="Continuar").click()
    expect(row).to_have_attribute("data-upload", "done")
    assert min(begun) == 2 * PART
    assert kept(served, file) == 1


def test_after_a_restart_the_same_file_goes_on_where_it_stopped(
    open_page: Open, served: Flask, file: Path
) -> None:
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    mend = break_line(page, after=4)
    choose(page, file)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "offline")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    interrupted = page.locator(".card", has_text="Interrompidos")
    expect(interrupted).to_contain_text(file.name)
    mend()
    begun = offsets(page)
    choose(page, file)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "done")
    assert min(begun) == 4 * PART
    assert kept(served, file) == 1


def test_what_was_interrupted_can_be_discarded(open_page: Open, served: Flask, file: Path) -> None:
    page = open_page("marketer", "/assets/upload", locale="pt-BR")
    break_line(page, after=1)
    choose(page, file)
    expect(page.locator("#uploads .upload-row")).to_have_attribute("data-upload", "offline")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="Cancelar envio").click()
    expect(page.locator("#uploads .upload-row")).to_have_count(0)
    page.reload()
    expect(page.locator("main")).not_to_contain_text(file.name)
    assert kept(served, file) == 0
