"""For which deal: chosen in the dialog of a use, or on the page of a script."""

from flask import Flask
from playwright.sync_api import expect

from contentlib.accounts.queries import find_user
from contentlib.core.db import db
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.service import publish
from tests import factories
from tests.browser.conftest import Open


def test_what_is_typed_replaces_the_likely_deal_and_a_refusal_is_said_in_the_dialog(
    open_page: Open, served: Flask
) -> None:
    with served.app_context():
        seller = find_user("seller@firm.example")
        assert seller is not None
        factories.deal(seller, title="Piloto no Tucano")
        asset = factories.asset("Prazo que se cumpre", owner=seller)
        db.session.commit()
        path = f"/assets/{asset.id}"
    page = open_page("seller", path, locale="pt-BR")
    page.get_by_role("main").get_by_text("Usei no negócio").first.click()
    deal = page.get_by_role("combobox", name="Negócio")
    deal.click()
    deal.press_sequentially("xyzzyq")
    expect(deal).to_have_value("xyzzyq")
    expect(page.get_by_text("Nenhum negócio encontrado.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reunião").click()
    expect(page.get_by_role("alert")).to_have_text("Escolha o negócio.")
    deal.fill("tucano")
    page.get_by_role("option", name="Piloto no Tucano").click()
    page.get_by_role("button", name="Reunião").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("Desfazer")


def test_the_deal_chosen_for_a_script_is_the_one_its_copy_is_noted_on(
    open_page: Open, served: Flask
) -> None:
    with served.app_context():
        seller = find_user("seller@firm.example")
        assert seller is not None
        first = factories.deal(seller, title="Piloto no Sabiá")
        chosen = factories.deal(seller, title="Piloto na Garça")
        script = factories.draft("Retomada", owner=seller)
        versions.add_script_version(script, channel="call", text="Olá, {{empresa}}.", by=seller)
        publish(script, by=seller, today=firm_today())
        db.session.commit()
        path, number = f"/assets/{script.id}?deal={first.id}", chosen.id
    page = open_page("seller", path, locale="pt-BR")
    chip = page.locator("#deal-in-hand")
    expect(chip).to_have_text("Para o negócio Piloto no Sabiá")
    page.get_by_role("combobox", name="Para o negócio").fill("garça")
    page.get_by_role("option", name="Piloto na Garça").click()
    expect(chip).to_have_text("Para o negócio Piloto na Garça")
    page.get_by_label("Copiar mesmo com campos em aberto").check()
    with page.expect_response("**/copied?*") as copied:
        page.get_by_role("button", name="Copiar texto").click()
    assert f"deal={number}" in (copied.value.request.post_data or "")
    chip.get_by_role("link").click()
    expect(chip).to_be_empty()
