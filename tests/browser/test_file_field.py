"""The field for one file speaks the language of its page, and tells which file it has."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Open, findings
from tests.browser.pages import filled

Firm = dict[str, Any]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_field_for_a_file_has_no_words_of_the_browser_and_names_the_file(
    chromium: Browser, address: str, signed_in: Any, firm: Firm, tmp_path: Path, scripts: bool
) -> None:
    context = chromium.new_context(
        base_url=address,
        storage_state=signed_in("marketer"),
        locale="pt-BR",
        java_script_enabled=scripts,
    )
    page: Page = context.new_page()
    page.goto(filled("/assets/$pdf/versions/new", firm))
    field = page.get_by_label("Arquivo")
    expect(page.get_by_text("escolha um arquivo")).to_be_visible()
    expect(page.get_by_text("Escolher outro")).to_be_hidden()
    # What the browser itself says there is not seen.
    expect(field).to_have_css("color", "rgba(0, 0, 0, 0)")
    path = tmp_path / "proposta.pdf"
    path.write_bytes(b"%PDF-1.7")
    field.set_input_files(path)
    expect(page.get_by_text("escolha um arquivo")).to_be_hidden()
    expect(page.get_by_text("Escolher outro")).to_be_visible()
    expect(field).not_to_have_css("color", "rgba(0, 0, 0, 0)")
    assert field.evaluate("field => field.files[0].name") == "proposta.pdf"
    context.close()


def test_a_click_anywhere_in_the_field_asks_for_a_file(open_page: Open, firm: Firm) -> None:
    page = open_page("marketer", filled("/assets/$pdf/versions/new", firm), width=PHONE)
    with page.expect_file_chooser():
        page.get_by_text("choose a file").click(force=True)
    assert findings(page, ".form-field") == []
