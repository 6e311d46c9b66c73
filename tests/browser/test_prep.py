"""Call prep in a real browser: one sheet of paper, choices with their undo, what is kept of it."""

from typing import Any

import pypdfium2
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.library import taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.service import publish
from contentlib.prep.models import PrepBrief, PrepFollowed, PrepImpression
from tests import factories
from tests.browser.clipboard import RIGHTS, expect_copied
from tests.browser.conftest import PHONE, Open, is_wider_than_the_window, patiently, settle
from tests.browser.firm import person_of

LONG = "Quanto custa hoje cada entrega que chega atrasada, contando multa, reentrega e telefone? "


def full_deal(app: Flask, name: str) -> int:
    """Make a deal at its close for which every section has something, and much to say."""
    with app.app_context():
        seller, author = person_of("seller"), person_of("marketer")
        facts = {"owner": author, "stage": "closing", "persona": "procurement"}
        tag = taxonomy.find_term(taxonomy.Tag, name) or taxonomy.add_term(taxonomy.Tag, name)
        for title, kind in (
            (f"{name}: do atraso ao prazo em noventa dias, contado por quem fez", "case_study"),
            (f"{name}: três contas que o diretor financeiro refaz", "calculator"),
            (f"Contra a {name}", "battlecard"),
            (f"{name}: um dia no pátio", "video"),
            (f"{name}: outro dia no pátio", "video"),
        ):
            factories.asset(title, type=kind, summary=LONG * 2, tags=[tag], **facts)
        for number in range(2):
            card = factories.draft(f"“{name} {number} é caro”", type="objection", **facts)
            heard, answer = [f"{name} caro {number}"], (LONG * 2)[:180]
            versions.add_objection_version(card, heard_as=heard, answer=answer, by=author)
            publish(card, by=author, today=firm_today())
        script = factories.draft(f"{name}: confirmar", type="script", **facts)
        versions.add_script_version(script, channel="whatsapp", text=LONG * 12, by=author)
        publish(script, by=author, today=firm_today())
        deal = factories.deal(
            seller, title=f"{name} filial", company="Cliente", competitor=name, stage="closing"
        )
        ana = deals.add_contact(
            deal.company,
            name="Ana Souza",
            persona=taxonomy.get_term(taxonomy.Persona, "procurement"),
        )
        deals.change_deal(deal, by=seller, contacts=[ana])
        db.session.commit()
        return deal.id


def test_a_full_brief_is_one_sheet_of_paper(open_page: Open, served: Flask, tmp_path: Any) -> None:
    number = full_deal(served, "Zaragata")
    page = open_page("seller", f"/deals/{number}/prep", locale="pt-BR")
    expect(page.locator(".prep-card:not(.is-gap)")).to_have_count(7)
    settle(page)
    page.pdf(path=tmp_path / "brief.pdf", format="A4", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "brief.pdf") as printed:
        assert len(printed) == 1
        text = printed[0].get_textpage().get_text_bounded()
    assert "Espere ouvir" in text
    assert "Não serve" not in text


def test_a_card_left_out_goes_at_once_and_comes_back_within_ten_seconds(
    open_page: Open, served: Flask
) -> None:
    number = full_deal(served, "Xaxim")
    page = open_page("seller", f"/deals/{number}/prep", width=PHONE, locale="pt-BR")
    card = page.locator(".prep-card", has_text="Xaxim: três contas")
    card.get_by_text("Não serve").click()
    card.get_by_role("button", name="Eles já conhecem").click()
    expect(card).to_have_count(0)
    expect(page.get_by_text("1 deixado de fora por você")).to_be_visible()
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Desfazer").click()
    expect(card).to_have_count(1)


def test_what_one_looked_at_is_kept_with_what_one_copied_from_it(
    open_page: Open, served: Flask
) -> None:
    number = full_deal(served, "Quero-quero")
    page = open_page("seller", f"/deals/{number}/prep", locale="pt-BR")
    page.context.grant_permissions(RIGHTS)
    card = page.locator(".prep-card", has_text="“Quero-quero").first
    with served.app_context():
        wanted = select(PrepBrief).where(PrepBrief.deal_id == number)
        brief = patiently(lambda: db.session.scalars(wanted).first())
        assert len(brief.impressions) == 7
        drawn = db.session.scalars(
            select(PrepImpression).where(PrepImpression.brief_id == brief.id)
        ).all()[-1]
        assert (drawn.section, 0 < drawn.propensity <= 1) == ("try", True)
        kept = brief.id
    with page.expect_response("**/prep/copied?*"):
        card.get_by_role("button", name="Copiar resposta").click()
    shown = card.locator(".prep-card-text").inner_text()
    expect_copied(page, shown)
    with served.app_context():
        followed = select(PrepFollowed).where(PrepFollowed.brief_id == kept)
        assert patiently(lambda: db.session.scalars(followed).first()).how == "copied"


def test_the_cards_are_ticked_when_the_conversation_is_noted(
    open_page: Open, served: Flask
) -> None:
    number = full_deal(served, "Jacu")
    page = open_page("seller", f"/deals/{number}/prep", locale="pt-BR")
    page.get_by_role("button", name="Registrar conversa").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(6)
    dialog.get_by_role("checkbox").last.uncheck()
    dialog.get_by_role("button", name="Ligação").click()
    expect(page.locator("#toasts")).to_contain_text("5 materiais")
