"""Keeping a search, and asking for what it did not find."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Open, findings

Firm = dict[str, Any]


def test_a_search_is_kept_with_one_dialog_and_a_removal_is_taken_back(
    open_page: Open, firm: Firm
) -> None:
    page = open_page("manager", "/search?type=case_study", locale="pt-BR")
    page.locator("#search-words").press_sequentially("mat")
    page.wait_for_url(re.compile("q=mat"))
    page.get_by_role("button", name="Salvar busca").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_label("Nome")).to_have_value("mat")
    assert findings(page, "dialog[open]") == []
    dialog.get_by_label("Nome").fill("Casos")
    dialog.get_by_role("button", name="Salvar", exact=True).click()
    expect(page.get_by_role("link", name="Salva como “Casos”")).to_be_visible()
    with page.expect_response(re.compile("/search/saved/.*/seen")):
        page.reload()
    page.get_by_role("link", name="Salva como “Casos”").click()
    kept = page.get_by_role("link", name="Casos", exact=True)
    expect(kept).to_have_attribute("href", "/search?q=mat&type=case_study")
    page.get_by_label("Ações para “Casos”").click()
    page.get_by_role("button", name="Remover").click()
    expect(kept).to_have_count(0)
    page.get_by_role("button", name="Desfazer").click()
    expect(kept).to_be_visible()
    page.get_by_label("Ações para “Casos”").click()
    page.get_by_role("button", name="Renomear").click()
    dialog.get_by_label("Nome").fill("Todos os casos")
    dialog.get_by_role("button", name="Salvar", exact=True).click()
    expect(page.get_by_role("link", name="Todos os casos")).to_be_visible()


def test_what_nobody_found_is_asked_and_delivered(open_page: Open, firm: Firm) -> None:
    page = open_page("manager", "/search?q=holograma&type=video", locale="pt-BR")
    page.get_by_role("link", name="Pedir ao marketing").click()
    expect(page.get_by_label("O que está faltando?")).to_have_value("holograma")
    page.get_by_role("button", name="Pedir ao marketing").click()
    expect(page.get_by_role("heading", name="holograma")).to_be_visible()
    page = open_page("marketer", "/requests", locale="pt-BR")
    card = page.locator("section.card", has_text="holograma")
    card.get_by_role("button", name="Aceitar").click()
    expect(page).to_have_url(re.compile(r"/requests/\d+$"))
    page.get_by_role("button", name="Entregar").click()
    dialog = page.locator("dialog[open]")
    assert findings(page, "dialog[open]") == []
    dialog.get_by_role("combobox").press_sequentially("Frete")
    dialog.get_by_role("option", name="Frete que chega").click()
    dialog.get_by_role("button", name="Entregar").click()
    expect(page.locator("main").get_by_text("Entregue", exact=True).first).to_be_visible()
    page = open_page("manager", "/", locale="pt-BR")
    page.locator("li", has_text="holograma").get_by_role("link", name="Ver resposta").click()
    expect(page.get_by_role("link", name="Frete que chega")).to_be_visible()
