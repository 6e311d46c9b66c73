"""Sharing in a real browser: the people of the deal that is chosen, and nothing typed is lost."""

from flask import Flask
from playwright.sync_api import Page, expect

from contentlib.accounts.queries import find_user
from contentlib.core.db import db
from contentlib.deals import service as deals
from tests import factories
from tests.browser.conftest import Open


def prepared(served: Flask, name: str) -> str:
    """Add two deals, one of them with two people, and return where a material is shared."""
    with served.app_context():
        seller = find_user("seller@firm.example")
        assert seller is not None
        deal = factories.deal(seller, title=f"Piloto {name}", company=name)
        for person in ("Ana", "Bia"):
            address = f"{person}@{name}.example".lower()
            contact = deals.add_contact(deal.company, name=f"{person} {name}", email=address)
            deal.contacts.append(contact)
        factories.deal(seller, title=f"Vazio {name}", company=f"{name} Dois")
        asset = factories.asset(f"Caso {name}", owner=seller)
        db.session.commit()
        return f"/assets/{asset.id}"


def type_in(page: Page) -> None:
    page.get_by_label("Nome ou e-mail").fill("Caio <caio@acme.example>")
    page.get_by_label("Nota").fill("Veja a página 2.")


def typed_is_there(page: Page) -> None:
    expect(page.get_by_label("Nome ou e-mail")).to_have_value("Caio <caio@acme.example>")
    expect(page.get_by_label("Nota")).to_have_value("Veja a página 2.")


def test_the_people_of_a_chosen_deal_come_and_go_with_it_and_what_was_typed_stays(
    open_page: Open, served: Flask
) -> None:
    page = open_page("seller", prepared(served, "Tucano"), locale="pt-BR")
    page.get_by_role("main").get_by_text("Compartilhar").first.click()
    type_in(page)
    deal, ana = page.get_by_role("combobox", name="Para o negócio"), page.get_by_label("Ana Tucano")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    deal.fill("Piloto tucano")
    page.get_by_role("option", name="Piloto Tucano").click()
    ana.check()
    typed_is_there(page)
    deal.fill("")
    expect(ana).to_have_count(0)
    deal.fill("Vazio tucano")
    page.get_by_role("option", name="Vazio Tucano").click()
    expect(page.get_by_text("Este negócio ainda não tem contatos.")).to_be_visible()
    deal.fill("Piloto tucano")
    page.get_by_role("option", name="Piloto Tucano").click()
    ana.check()
    typed_is_there(page)
    assert not any("p%C3%A1gina" in url or "csrf" in url for url in asked), "nothing else is sent"
    page.get_by_role("button", name="Criar link").click()
    made = page.get_by_role("dialog")
    expect(made.get_by_role("region", name="Ana Tucano")).to_be_visible()
    expect(made.get_by_role("region", name="Caio")).to_be_visible()


def test_a_likely_deal_is_chosen_by_one_tap_without_losing_what_was_typed(
    open_page: Open, served: Flask
) -> None:
    page = open_page("seller", prepared(served, "Garça"), locale="pt-BR")
    page.get_by_role("main").get_by_text("Compartilhar").first.click()
    type_in(page)
    page.get_by_role("group", name="Negócios").get_by_text("Piloto Garça").click()
    expect(page.get_by_role("combobox", name="Para o negócio")).to_have_value("Piloto Garça")
    page.get_by_label("Bia Garça").check()
    typed_is_there(page)
    page.get_by_role("button", name="Criar link").click()
    expect(page.get_by_role("dialog").get_by_role("region", name="Bia Garça")).to_be_visible()
