"""What was heard leads to the words to say in two strokes, and what is copied is what is seen."""

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.answers.models import AnswerOutcome
from contentlib.jobs.worker import Worker
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.service import publish
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.browser.clipboard import RIGHTS, copied, copied_html, expect_copied
from tests.browser.conftest import PHONE, Open, findings, is_wider_than_the_window, patiently
from tests.browser.firm import person_of

CLIPBOARD = {"permissions": RIGHTS}
ANSWER = "Quanto **custa** a *engrenagem* parada?"
HOSTILE = (
    "Olá, {{contato.nome}}! **Veja** <img src=x onerror=alert(1)>\n- *um* 😀\n- שלום {{empresa}}"
)


@pytest.fixture(scope="session", autouse=True)
def known(served: Flask) -> dict[str, int]:
    """An answer and a script about things that nobody else writes of, and a deal for them."""
    with served.app_context():
        author, seller = person_of("marketer"), person_of("seller")
        deal = factories.deal(seller, title="Moenda nova", company="*Usina* Sol", stage="proposal")
        ana = deals.add_contact(deal.company, name="Ana Souza", email="a@usina.example")
        paulo = deals.add_contact(deal.company, name="Paulo Reis", email="p@usina.example")
        deals.change_deal(deal, by=seller, contacts=[ana, paulo])
        card = factories.draft("“A engrenagem é cara”", owner=author, type="objection")
        words = factories.OBJECTION | {"heard_as": ["a moenda custa muito"], "answer": ANSWER}
        versions.add_objection_version(card, **words, proof=None, by=author)
        script = factories.draft("Retomar a moenda", owner=author, type="script")
        versions.add_script_version(script, channel="whatsapp", text=HOSTILE, by=author)
        for row in (card, script):
            publish(row, by=author, today=firm_today())
        db.session.commit()
        Worker(served, lease_seconds=60).drain()
        return {"deal": deal.id, "card": card.id, "script": script.id}


def ask(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("[data-palette-field]")).to_be_focused()
    page.keyboard.type(words)


@pytest.mark.parametrize("path", ["/", "/deals", "/me", "/search?q=frete"])
def test_from_any_page_enter_opens_the_answer_and_enter_copies_it(
    open_page: Open, known: dict[str, int], path: str
) -> None:
    page = open_page("seller", path, locale="pt-BR", **CLIPBOARD)
    ask(page, "moendas custam")
    page.keyboard.press("Enter")
    copy = page.locator("#palette").get_by_role("button", name="Copiar resposta")
    expect(copy).to_be_focused()
    seen = page.locator("#palette-answer").text_content()
    assert seen == "Quanto custa a engrenagem parada?"
    with page.expect_response("**/copied?part=answer*"):
        page.keyboard.press("Enter")
    expect(page.locator("#palette [data-dialog-status]")).to_have_text("Copiado")
    expect_copied(page, seen)
    page.keyboard.press("Escape")
    expect(page.locator("[data-palette-field]")).to_be_focused()
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_list_that_settles_late_is_not_taken_for_that_of_the_words_typed_since(
    open_page: Open, known: dict[str, int]
) -> None:
    page = open_page("seller", "/me", locale="pt-BR")
    page.evaluate("htmx.config.defaultSettleDelay = 600")
    with page.expect_response("**/palette?*"):
        page.keyboard.press("Control+k")
    with page.expect_request("**/palette?q=moendas*"):
        page.keyboard.type("moendas custam")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-answer")).to_be_visible()
    expect(page).to_have_url(re.compile("/me$"))


def test_c_copies_and_the_arrows_reach_every_line(open_page: Open, known: dict[str, int]) -> None:
    page = open_page("seller", "/", locale="en-US", **CLIPBOARD)
    ask(page, "moenda")
    lines = page.locator("#palette-list [role=option]")
    expect(lines.first).to_contain_text("engrenagem")
    field = page.locator("[data-palette-field]")
    expect(field).to_have_attribute("aria-activedescendant", "palette-1")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "palette-2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = lines.nth(lines.count() - 1).get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", str(last))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-answer")).to_be_visible()
    page.locator("[data-palette-title]").focus()
    page.keyboard.press("c")
    expect(page.locator("#palette [data-dialog-status]")).to_have_text("Copied")
    expect_copied(page, "Quanto custa a engrenagem parada?")


def test_whatsapp_and_email_are_copied_as_they_are_shown(
    open_page: Open, known: dict[str, int]
) -> None:
    page = open_page("seller", f"/assets/{known['card']}", locale="pt-BR", **CLIPBOARD)
    with page.expect_response("**/copied?part=whatsapp*"):
        page.get_by_role("button", name="Copiar para WhatsApp").click()
    shown = page.locator("#whatsapp").text_content()
    assert shown is not None
    assert shown.startswith("Quanto *custa* a _engrenagem_ parada?\n\nSe o preço")
    expect_copied(page, shown)
    page.get_by_text("Ver o que vai ser colado").click()
    with page.expect_response("**/copied?part=email*"):
        page.get_by_role("button", name="Copiar como e-mail").click()
    assert "Quanto <strong>custa</strong> a <em>engrenagem</em>" in copied_html(page)
    assert copied(page).startswith("Quanto custa a engrenagem parada?\n\nSe")


def test_the_deal_of_the_page_is_named_and_the_copy_is_noted_on_it(
    open_page: Open, served: Flask, known: dict[str, int]
) -> None:
    page = open_page("seller", f"/deals/{known['deal']}", locale="pt-BR", **CLIPBOARD)
    ask(page, "moenda custa")
    expect(page.locator("#palette-deal")).to_have_text("*Usina* Sol · Proposta")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-answer")).to_be_visible()
    with page.expect_response("**/copied?part=whatsapp*"):
        page.locator("#palette").get_by_role("button", name="Copiar para WhatsApp").click()
    with page.expect_response("**/outcome"):
        page.locator("#palette").get_by_role("button", name="Não funcionou").click()
    bar = page.locator("#palette .worked-bar")
    expect(bar).to_contain_text("não funcionou em “Moenda nova”")
    bar.get_by_label("Por que não funcionou?").fill("Quis desconto")
    bar.get_by_role("button", name="Enviar").click()
    expect(bar).to_contain_text("Quis desconto")
    bar.get_by_role("button", name="Desfazer").click()
    expect(bar.get_by_role("button", name="Não funcionou")).to_be_visible()
    with served.app_context():
        told = patiently(lambda: db.session.scalars(select(AnswerOutcome)).all())[-1]
        assert (told.deal_id, told.note) == (known["deal"], "Quis desconto")
        assert told.undone_at is not None
        copied = select(UsageEvent).where(UsageEvent.part == "whatsapp")
        noted = patiently(lambda: db.session.scalars(copied.order_by(UsageEvent.id)).all())
        assert noted[-1].deal_id == known["deal"]


def test_a_script_waits_for_its_fields_and_is_copied_as_each_channel_shows_it(
    open_page: Open, known: dict[str, int]
) -> None:
    path = f"/assets/{known['script']}?deal={known['deal']}"
    page = open_page("seller", path, locale="pt-BR", **CLIPBOARD)
    name, company = page.locator("#script-1"), page.locator("#script-2")
    expect(company).to_have_value("*Usina* Sol")
    expect(name).to_have_value("Ana")
    page.get_by_label("Pessoa", exact=True).select_option(label="Paulo Reis")
    expect(name).to_have_value("Paulo")
    name.fill("")
    copy = page.get_by_role("button", name="Copiar para WhatsApp")
    expect(copy).to_be_disabled()
    expect(page.locator("#script-whatsapp .merge-field:not(.is-filled)")).to_have_count(1)
    name.fill("_Ana_")
    expect(copy).to_be_enabled()
    copy.click()
    expect(page.locator("#toasts")).to_contain_text("Copiado")
    shown = page.locator("#script-whatsapp").text_content()
    assert shown == (
        "Olá, ˍAnaˍ! *Veja* <img src=x onerror=alert(1)>\n- _um_ 😀\n- שלום ∗Usina∗ Sol"
    )
    expect_copied(page, shown)
    page.get_by_text("Texto", exact=True).click()
    page.get_by_role("button", name="Copiar texto").click()
    expect_copied(page, page.locator("#script-plain").text_content())
    assert "*Usina* Sol" in copied(page)
    page.get_by_text("E-mail", exact=True).click()
    page.get_by_role("button", name="Copiar como e-mail").click()
    rich = copied_html(page)
    assert "<strong>Veja</strong> &lt;img" in rich
    assert "merge-field" not in rich
    assert "_Ana_" in rich


def test_the_deal_chosen_for_a_script_stays_in_the_address(
    open_page: Open, known: dict[str, int]
) -> None:
    page = open_page("seller", f"/assets/{known['script']}", locale="pt-BR")
    page.get_by_role("combobox", name="Para o negócio").fill("moenda")
    page.get_by_role("option", name="Moenda nova").click()
    expect(page).to_have_url(re.compile(rf"/assets/\d+\?deal={known['deal']}$"))
    page.reload()
    expect(page.locator("#script-1")).to_have_value("Ana")


def test_a_script_is_filled_in_over_the_page_of_another(
    open_page: Open, known: dict[str, int], firm: dict[str, Any]
) -> None:
    path = f"/assets/{firm['script']}?deal={known['deal']}"
    page = open_page("seller", path, locale="pt-BR", **CLIPBOARD)
    ask(page, "retomar a moenda")
    page.get_by_role("option", name="Retomar a moenda", exact=True).click()
    expect(page.locator("#palette-script-2")).to_have_value("*Usina* Sol")
    copy = page.locator("#palette").get_by_role("button", name="Copiar para WhatsApp")
    expect(copy).to_be_enabled()
    with page.expect_response("**/copied?*") as noted:
        copy.click()
    assert f"deal={known['deal']}" in noted.value.request.url
    expect_copied(page, page.locator("#palette-script-whatsapp").text_content())


def test_a_use_is_logged_from_the_dialog(open_page: Open, known: dict[str, int]) -> None:
    page = open_page("seller", f"/deals/{known['deal']}", locale="pt-BR")
    ask(page, "moenda")
    page.get_by_role("option", name="Registrar um uso").click()
    expect(page.locator("#palette")).to_be_hidden()
    dialog = page.locator("#use-dialog")
    expect(dialog).to_be_visible()
    for title in ("Retomar a moenda", "A engrenagem"):
        box = dialog.get_by_role("checkbox", name=re.compile(title))
        if box.count():
            box.check()
            continue
        dialog.get_by_role("combobox").fill(title)
        page.get_by_role("option", name=re.compile(title)).click()
        expect(dialog.get_by_role("checkbox", name=re.compile(title))).to_be_checked()
        expect(dialog.get_by_role("combobox")).to_have_value("")
    dialog.get_by_role("button", name="Reunião").click()
    expect(page.locator("#toasts")).to_contain_text("2 materiais")


@pytest.mark.parametrize("locale", ["pt-BR", "en-US"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_fits_a_phone_and_is_accessible(
    open_page: Open, known: dict[str, int], locale: str, scheme: str
) -> None:
    touch = {"has_touch": True, "is_mobile": True}
    options = {"width": PHONE, "locale": locale, "color_scheme": scheme} | touch
    page = open_page("seller", f"/deals/{known['deal']}", **options)
    page.locator("[data-palette-open]").click()
    page.locator("[data-palette-field]").fill("moenda custa")
    expect(page.locator("#palette-list [role=option]").first).to_contain_text("engrenagem")
    assert findings(page) == []
    assert not is_wider_than_the_window(page)
    page.locator("#palette-list [role=option]").first.click()
    expect(page.locator("#palette-answer")).to_be_visible()
    assert findings(page) == []
    box = page.locator("#palette").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, PHONE, 900)
    bar = page.locator("#palette .worked-bar").bounding_box()
    assert bar is not None
    assert abs(bar["y"] + bar["height"] - 900) <= 1
    for button in page.locator("#palette .worked-bar .btn, #palette .answer-actions > .btn").all():
        size = button.bounding_box()
        assert size is not None
        assert size["height"] >= 44
    assert page.evaluate("document.querySelector('#palette').scrollWidth") <= PHONE


def test_the_focus_stays_in_the_dialog(open_page: Open) -> None:
    page = open_page("seller", "/", locale="pt-BR")
    page.keyboard.press("Meta+k")
    expect(page.locator("[data-palette-field]")).to_be_focused()
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)


def test_a_bookmark_over_another_page_notes_a_use_in_two_clicks(
    open_page: Open, known: dict[str, int]
) -> None:
    page = open_page("seller", f"/assets/{known['card']}", locale="pt-BR", width=480)
    page.goto("/use?url=https://crm.example/1&title=Moenda nova | CRM")
    page.get_by_role("checkbox", name=re.compile("A engrenagem")).check()
    page.get_by_role("button", name="Ligação").click()
    expect(page.locator(".notice")).to_contain_text("Moenda nova")
    assert findings(page) == []
