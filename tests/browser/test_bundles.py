"""A folder and a ZIP in a real browser: sent, mended by keys as in a spreadsheet, imported."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from contentlib.core.db import db
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy
from tests.browser.conftest import Open
from tests.browser.test_uploading import break_line, offsets
from tests.importing.bundled import TEXT, spread, zipped


@pytest.fixture(autouse=True)
def words(served: Flask) -> None:
    with served.app_context():
        taxonomy.seed()
        db.session.commit()


def files(name: str) -> dict[str, bytes | str]:
    return {f"Sala {name}/{letter}.txt": f"{name} {letter} {TEXT}" for letter in "abc"}


def work(app: Flask) -> None:
    Worker(app, lease_seconds=60).drain()


def cell(page: Page, row: int, fact: str) -> Locator:
    return page.locator("[data-sheet-row]").nth(row).locator(f".sheet-field[name$='-{fact}']")


def saved(page: Page) -> None:
    expect(page.locator("[data-sheet-told]")).to_have_text("Salvo")


def send_archive(page: Page, app: Flask, folder: Path) -> None:
    archive = folder / "sala.zip"
    archive.write_bytes(zipped(files(folder.name)))
    page.locator("[data-bundle-archive]").set_input_files(archive)
    page.wait_for_url(re.compile(r"/imports/files/\d+$"))
    work(app)
    page.wait_for_selector("[data-sheet-row]")


def test_a_grid_is_filled_by_keys_alone(open_page: Open, served: Flask, tmp_path: Path) -> None:
    page = open_page("marketer", "/imports/files", locale="pt-BR")
    send_archive(page, served, tmp_path)
    cell(page, 0, "stages").focus()
    page.keyboard.type("proposta")
    # Down and up again: what was left is saved and reads as it is called.
    page.keyboard.press("Enter")
    expect(cell(page, 1, "stages")).to_be_focused()
    saved(page)
    page.keyboard.press("ArrowUp")
    expect(cell(page, 0, "stages")).to_have_value("Proposta")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("td.is-selected")).to_have_count(3)
    page.keyboard.press("Control+d")
    for row in range(3):
        expect(cell(page, row, "stages")).to_have_value("Proposta")
    page.keyboard.press("Escape")
    expect(page.locator("td.is-selected")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(cell(page, 2, "personas")).to_be_focused()
    page.keyboard.type("Campeão")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Delete")
    expect(cell(page, 1, "action")).to_have_value("skip")
    saved(page)
    page.reload()
    expect(cell(page, 2, "personas")).to_have_value("Campeão")
    expect(cell(page, 2, "stages")).to_have_value("Proposta")
    expect(page.get_by_role("button", name="Importar 2 arquivos")).to_be_visible()


def test_a_cell_that_cannot_be_read_says_so_and_esc_gives_back_what_was_saved(
    open_page: Open, served: Flask, tmp_path: Path
) -> None:
    page = open_page("marketer", "/imports/files", locale="pt-BR")
    send_archive(page, served, tmp_path)
    cell(page, 0, "stages").focus()
    page.keyboard.type("Prposta")
    page.keyboard.press("Enter")
    wrong = page.locator(".sheet-wrong")
    expect(wrong).to_have_text("“Prposta” não é um valor conhecido.")
    expect(cell(page, 0, "stages")).to_have_value("Prposta")
    expect(cell(page, 0, "stages")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("Proposta")
    page.keyboard.press("Enter")
    expect(wrong).to_have_count(0)
    page.keyboard.press("ArrowUp")
    page.keyboard.type("outra coisa")
    page.keyboard.press("Escape")
    expect(cell(page, 0, "stages")).to_have_value("Proposta")


def test_a_folder_goes_on_where_it_stopped_and_comes_in(
    open_page: Open, served: Flask, tmp_path: Path
) -> None:
    folder = spread(tmp_path / "drive", files(tmp_path.name)) / f"Sala {tmp_path.name}"
    page = open_page("marketer", "/imports/files", locale="pt-BR")
    mend = break_line(page, after=1)
    page.locator("[data-bundle-folder]").set_input_files(folder)
    expect(page.locator("[data-bundle-facts]")).to_contain_text("1 de 3 arquivos")
    expect(page.locator("[data-bundle-facts]")).to_contain_text("conexão")
    mend()
    begun = offsets(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/imports/files")
    page.locator("[data-bundle-folder]").set_input_files(folder)
    page.wait_for_url(re.compile(r"/imports/files/\d+$"))
    work(served)
    page.wait_for_selector("[data-sheet-row]")
    expect(page.locator("[data-sheet-row]")).to_have_count(3)
    assert len(begun) == 2
    page.get_by_role("button", name="Importar 3 arquivos").click()
    page.wait_for_load_state()
    work(served)
    expect(page.locator(".page-heading .state-chip")).to_have_text("Importada")
    expect(page.locator("tbody .state-chip")).to_have_text(["Rascunho"] * 3)
