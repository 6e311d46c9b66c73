"""Logging a use in its dialog: another deal than the likely one, and what a refusal looks like."""

from flask import Flask
from playwright.sync_api import expect

from contentlib.accounts.queries import find_user
from contentlib.core.db import db
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
