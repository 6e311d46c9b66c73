"""Call prep in the browser, without JavaScript: what stands there, who may see it, what is kept."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_token
from contentlib.deals.models import Deal
from contentlib.jobs.models import Job
from contentlib.library import service as library
from contentlib.library.care.verdicts import ScanState
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Blob
from contentlib.notifications.service import LETTER
from contentlib.prep.models import PrepBrief, PrepChoice, PrepFollowed, PrepImpression
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits.models import PageTime, Visit, VisitClass
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.prep.conftest import Shop, won_deal, written

SignIn = Callable[[User], FlaskClient]


def titles(page: str) -> list[str]:
    """Return the titles of the cards, in their order."""
    found = re.findall(r'class="prep-card-title"><a[^>]*>(.*?)</a>', page)
    return [html.unescape(title) for title in found]


def prep(browser: FlaskClient, deal: Deal, query: str = "") -> str:
    answer = browser.get(f"/deals/{deal.id}/prep{query}")
    assert answer.status_code == 200
    return answer.text


def receipt_of(page: str) -> str:
    values = re.search(r"hx-vals=\"(\{.*?receipt.*?\})\"", page)
    assert values
    return str(json.loads(html.unescape(values[1]))["receipt"])


def key_of(page: str) -> str:
    found = re.search(r'name="brief" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_deal_gets_one_card_for_every_section(sign_in: SignIn, seller: User, shop: Shop) -> None:
    page = prep(sign_in(seller), shop.deal)
    shown = [shop.case, shop.price, shop.proof, shop.script, shop.battlecard, shop.fresh]
    assert titles(page) == [asset.title for asset in shown]
    assert "Quanto custa hoje cada entrega atrasada?" in page
    assert "Oi, Ana!" in page
    assert f"/assets/{shop.proof.id}?deal={shop.deal.id}#p2" in page


def test_the_deal_page_leads_to_it_as_long_as_the_deal_is_open(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    address = f"/deals/{shop.deal.id}/prep"
    assert address in sign_in(seller).get(f"/deals/{shop.deal.id}").text
    won = won_deal(seller, [])
    assert f"/deals/{won.id}/prep" not in sign_in(seller).get(f"/deals/{won.id}").text
    assert sign_in(seller).get(f"/deals/{won.id}/prep").status_code == 200


def test_the_same_deal_and_day_give_the_same_cards(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    for number in range(6):
        factories.asset(f"Vídeo {number}", owner=shop.case.owner, type="video")
    browser = sign_in(seller)
    assert titles(prep(browser, shop.deal)) == titles(prep(browser, shop.deal))


def test_use_on_similar_wins_is_told_with_its_interval_or_as_too_little(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    for number in range(4):
        won_deal(seller, [shop.case] if number else [])
    assert "n\u00a0=\u00a04, dados insuficientes" in prep(sign_in(seller), shop.deal)
    won_deal(seller, [])
    page = prep(sign_in(seller), shop.deal)
    assert "usado em 3 de 5 vitórias parecidas (23–88\u202f%)" in page
    seller.language = "en"
    db.session.commit()
    assert "used on 3 of 5 similar won deals (23–88%)" in prep(sign_in(seller), shop.deal)


def test_a_deal_without_any_history_still_gets_three_cards(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    bare = factories.deal(seller, stage="lead", company="Nova")
    page = prep(sign_in(seller), bare)
    assert len(titles(page)) >= 3
    assert "nada mais próximo desta situação" in page


def test_an_empty_library_says_why_there_is_nothing_and_offers_a_request(
    sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller, competitor="Trilho & Filhos")
    page = prep(sign_in(seller), deal)
    assert titles(page) == []
    assert page.count("/requests/new?") >= 6
    assert "Não há battlecard sobre Trilho &amp; Filhos na biblioteca." in page
    assert f"Trilho+%26+Filhos&amp;stage=proposal&amp;deal={deal.id}" in page


@pytest.mark.parametrize("role", ["seller", "manager", "marketer", "admin"])
def test_what_is_not_published_or_expired_appears_for_nobody(
    sign_in: SignIn, seller: User, shop: Shop, role: str
) -> None:
    person = seller if role == "seller" else factories.user(role)
    owner = shop.case.owner
    factories.draft("Rascunho secreto", owner=owner)
    expired = factories.asset("Vencido secreto", owner=owner, summary="logística")
    factories.change(expired, valid_until=firm_today() - timedelta(days=1))
    archived = factories.asset("Arquivado secreto", owner=owner)
    library.archive(archived)
    db.session.commit()
    page = prep(sign_in(person), shop.deal)
    assert "secreto" not in page
    assert len(titles(page)) == 6


def test_what_expires_while_one_looks_is_gone_at_the_next_look_and_cannot_be_copied(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    assert shop.price.title in titles(prep(browser, shop.deal))
    factories.change(shop.price, valid_until=firm_today() - timedelta(days=1))
    db.session.commit()
    assert shop.price.title not in titles(prep(browser, shop.deal))
    answer = browser.post(f"/prep/copied?asset={shop.price.id}&part=answer&deal={shop.deal.id}")
    assert answer.status_code == 404
    assert db.session.scalar(select(func.count(UsageEvent.id))) == 0


def test_what_is_in_quarantine_is_suggested_to_nobody(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    prep(browser, shop.deal)
    blob = Blob(sha256="0" * 64, size=1, media_type="application/pdf", scan=ScanState.QUARANTINED)
    db.session.add(blob)
    db.session.flush()
    assert shop.case.published_version is not None
    shop.case.published_version.blob = blob
    shop.case.revision += 1
    db.session.commit()
    assert shop.case.title not in titles(prep(browser, shop.deal))


def test_an_overdue_material_is_marked_and_stands_first_nowhere_unless_alone(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    factories.change(shop.script, review_due=firm_today() - timedelta(days=3))
    factories.change(shop.case, review_due=firm_today() - timedelta(days=3))
    db.session.commit()
    page = prep(sign_in(seller), shop.deal)
    assert shop.script.title in titles(page)
    assert shop.case.title not in titles(page)
    assert "Revisão vencida há 3 dias" in page


def test_the_deal_of_another_team_has_no_brief_on_any_path(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    browser = sign_in(seller)
    assert browser.get(f"/deals/{foreign.id}/prep").status_code == 404
    assert browser.get(f"/prep?deal={foreign.id}").status_code == 404
    assert browser.get(f"/prep/log?deal={foreign.id}&asset={shop.case.id}").status_code == 404
    form = {"asset": shop.case.id, "section": "open", "reason": "known"}
    for path in ("pin", "dismiss", "send"):
        assert browser.post(f"/prep/{path}?deal={foreign.id}", data=form).status_code == 404
    assert db.session.scalar(select(func.count(PrepChoice.id))) == 0


def test_a_situation_without_a_deal_is_held_by_the_address(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    assert "Escolha a etapa" in browser.get("/prep").text
    address = "/prep?stage=proposal&persona=champion&industry=Logística&heard=está caro"
    page = browser.get(address).text
    assert titles(page)[:2] == [shop.case.title, shop.price.title]
    assert "responde ao que você ouviu" in page
    assert 'value="Logística"' in page
    assert browser.get("/prep?stage=nonsense").status_code == 422


def test_industries_are_offered_only_from_deals_one_may_see(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), company="Alheia")
    foreign.company.industry = "Mineração"
    db.session.commit()
    page = sign_in(seller).get("/prep").text
    assert ("Logística" in page, "Mineração" in page) == (True, False)


def test_what_is_typed_is_shown_and_executes_nothing(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    evil = "<script>alert(1)</script>"
    for path in (f"/deals/{shop.deal.id}/prep?", "/prep?stage=proposal&competitor={0}&"):
        page = browser.get(path.format(evil) + f"heard={evil}&lang={evil}&persona={evil}").text
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_what_was_shown_is_kept_once_and_as_it_was(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    page = prep(browser, shop.deal)
    assert db.session.scalar(select(func.count(PrepBrief.id))) == 0
    for _ in range(2):
        answer = browser.post("/prep/opened", data={"receipt": receipt_of(page)})
        assert answer.status_code == 204
    brief = db.session.scalars(select(PrepBrief)).one()
    assert (brief.deal_id, brief.stage_id) == (shop.deal.id, shop.deal.stage_id)
    rows = db.session.scalars(select(PrepImpression).order_by(PrepImpression.slot)).all()
    sections = ["open", "expect", "proof", "script", "battlecard", "try"]
    assert [(row.slot, row.section) for row in rows] == list(enumerate(sections, 1))
    assert {row.propensity for row in rows} == {1.0}
    assert rows[0].asset_version_id == shop.case.published_version_id
    assert ["stage", 4] in rows[0].reasons
    assert brief.seed.startswith(f"deal:{shop.deal.id}:")


def test_a_note_that_is_forged_or_another_persons_is_refused(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    page = prep(sign_in(seller), shop.deal)
    other = sign_in(factories.user("seller", team="North"))
    for token in (receipt_of(page), "x" + receipt_of(page), ""):
        assert other.post("/prep/opened", data={"receipt": token}).status_code == 422
    assert db.session.scalar(select(func.count(PrepBrief.id))) == 0


def test_a_copy_from_a_card_is_in_the_ledger_and_named_by_its_brief(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    page = prep(browser, shop.deal)
    browser.post("/prep/opened", data={"receipt": receipt_of(page)})
    address = f"/prep/copied?asset={shop.price.id}&part=answer&deal={shop.deal.id}"
    for _ in range(2):
        browser.post(f"{address}&brief={key_of(page)}")
    (event,) = db.session.scalars(select(UsageEvent)).all()
    assert (event.action, event.part, event.deal_id) == (Action.COPIED, "answer", shop.deal.id)
    browser.post("/prep/followed", data={"asset": shop.case.id, "brief": key_of(page)})
    browser.post("/prep/followed", data={"asset": shop.case.id, "brief": "unknown"})
    followed = {(row.asset_id, row.how) for row in db.session.scalars(select(PrepFollowed))}
    assert followed == {(shop.price.id, "copied"), (shop.case.id, "opened")}


def choose(browser: FlaskClient, shop: Shop, what: str, asset: Asset, **more: Any) -> Any:
    form = {"asset": asset.id, "section": "open"} | more
    return browser.post(f"/prep/{what}?deal={shop.deal.id}", data=form)


def test_a_card_that_does_not_fit_leaves_with_its_reason_and_can_come_back(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    assert choose(browser, shop, "dismiss", shop.case, reason="nonsense").status_code == 422
    answer = choose(browser, shop, "dismiss", shop.case, reason="known")
    assert answer.location == f"/deals/{shop.deal.id}/prep"
    page = prep(browser, shop.deal)
    assert shop.case.title not in titles(page)
    assert "Eles já conhecem" in page
    choice = db.session.scalars(select(PrepChoice)).one()
    assert (choice.reason, choice.deal_id, choice.by_id) == ("known", shop.deal.id, seller.id)
    browser.post(f"/prep/choices/{choice.id}/undo?deal={shop.deal.id}")
    assert shop.case.title in titles(prep(browser, shop.deal))
    assert choice.undone_at is not None


def test_with_htmx_a_choice_answers_with_its_undo_and_renews_the_page(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    form = {"asset": shop.case.id, "section": "open", "reason": "outdated"}
    answer = sign_in(seller).post(
        f"/prep/dismiss?deal={shop.deal.id}", data=form, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Trigger"] == '{"prepChanged": true}'
    choice = db.session.scalars(select(PrepChoice)).one()
    assert f"/prep/choices/{choice.id}/undo?deal={shop.deal.id}" in answer.text
    assert 'data-toast="10"' in answer.text


def test_a_pinned_card_stays_and_a_dismissal_ends_the_pin(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    choose(browser, shop, "pin", shop.fresh)
    choose(browser, shop, "pin", shop.fresh)
    assert db.session.scalar(select(func.count(PrepChoice.id))) == 1
    page = prep(browser, shop.deal)
    assert titles(page)[0] == shop.fresh.title
    assert "fixado por você" in page
    choose(browser, shop, "dismiss", shop.fresh, reason="other")
    assert shop.fresh.title not in titles(prep(browser, shop.deal))


def test_choices_are_ones_own_and_only_for_this_conversation(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    mate = factories.user("seller", team="North")
    choose(sign_in(seller), shop, "dismiss", shop.case, reason="known")
    assert shop.case.title in titles(prep(sign_in(mate), shop.deal))
    other = factories.deal(seller, company="Vértice")
    assert shop.case.title in titles(prep(sign_in(seller), other))
    choice = db.session.scalars(select(PrepChoice)).one()
    undo = f"/prep/choices/{choice.id}/undo?deal={shop.deal.id}"
    assert sign_in(mate).post(undo).status_code == 404


@pytest.mark.parametrize("section", ["", "nowhere"])
def test_a_section_that_is_none_is_refused(
    sign_in: SignIn, seller: User, shop: Shop, section: str
) -> None:
    answer = choose(sign_in(seller), shop, "pin", shop.case, section=section)
    assert answer.status_code == 422


def read_by(
    shop: Shop,
    by: User,
    asset: Asset,
    kind: VisitClass,
    spent: dict[int, int],
    name: str = "Ana S.",
) -> None:
    """Let somebody come by a link of the deal and look at pages for some seconds."""
    token = new_token()
    link = ShareLink(
        seed=token, token_hash=token, deal_id=shop.deal.id, recipient_name=name, by_id=by.id
    )
    link.language = "pt"
    db.session.add(link)
    db.session.flush()
    assert asset.published_version_id is not None
    db.session.add(
        ShareItem(
            link_id=link.id, position=1, asset_id=asset.id, version_id=asset.published_version_id
        )
    )
    visit = Visit(key=new_token(), link_id=link.id, visitor="v", visit_class=kind, last_at=now())
    db.session.add(visit)
    db.session.flush()
    for page, seconds in spent.items():
        db.session.add(PageTime(visit_id=visit.id, position=1, page=page, active_ms=1000 * seconds))
    db.session.commit()


def test_what_the_buyer_read_stands_beside_the_cards_and_machines_do_not_count(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    read_by(shop, seller, shop.case, VisitClass.HUMAN, {1: 10, 2: 60, 7: 120})
    read_by(shop, seller, shop.proof, VisitClass.SCANNER, {1: 500})
    page = prep(sign_in(seller), shop.deal)
    assert "O que Ana já leu" in page
    assert "3\xa0min\xa010\xa0s" in page
    assert "até a p. 7 de 7" in page
    assert "1 acesso automático não contado" in page
    assert 'href="/counting"' in page
    assert "8\xa0min" not in page


def test_a_script_with_a_field_still_open_cannot_be_copied_from_its_card(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    script = written(
        "Retomar", "script", shop.case.owner, channel="whatsapp", text="{{prazo}}, {{contato}}?"
    )
    browser = sign_in(seller)
    choose(browser, shop, "pin", script, section="script")
    choose(browser, shop, "dismiss", shop.script, reason="other")
    page = prep(browser, shop.deal)
    assert '<span class="merge-field" data-field="prazo">{{prazo}}</span>, ' in page
    assert '<span class="merge-field is-filled" data-field="contato">Ana</span>?' in page
    assert f"part=whatsapp&amp;asset={script.id}" not in page
    assert "Preencher e copiar" in page


def test_what_is_copied_is_what_stands_on_the_card(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    page = prep(sign_in(seller), shop.deal)
    copies = [html.unescape(text) for text in re.findall(r'data-copy="([^"]*)"', page)]
    assert "Oi, Ana!" in copies
    assert factories.OBJECTION["answer"] in copies


def test_without_e_mail_a_brief_is_not_sent_and_says_so(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    assert "/prep/send" not in prep(browser, shop.deal)
    assert browser.post(f"/prep/send?deal={shop.deal.id}").status_code == 409


@pytest.mark.usefixtures("mailbox")
def test_a_brief_is_sent_to_whoever_prepares(sign_in: SignIn, seller: User, shop: Shop) -> None:
    answer = sign_in(seller).post(f"/prep/send?deal={shop.deal.id}")
    assert answer.location == f"/deals/{shop.deal.id}/prep"
    job = db.session.scalars(select(Job).where(Job.kind == LETTER)).one()
    assert job.payload["to"] == seller.email
    facts = job.payload["facts"]
    assert facts["title"] == "Preparar conversa: Vértice"
    assert [card["title"] for card in facts["cards"]][:2] == [shop.case.title, shop.price.title]
    assert facts["cards"][1]["says"] == factories.OBJECTION["answer"]
    assert facts["cards"][0]["why"].startswith("mesmo setor e etapa")


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_the_letter_says_what_the_page_says(app: Flask, kind: str) -> None:
    card = {"section": "Abra com", "title": "Caso <b>", "says": "Um & dois", "why": "etapa"}
    facts = {"title": "Vértice", "address": "http://here/1", "cards": [card | {"address": "u"}]}
    template = app.jinja_env.overlay(autoescape=True).get_template(f"email/prep.{kind}")
    text = template.render(facts=facts, language="pt")
    assert html.unescape(text).count("Caso <b>") == 1
    assert "Caso <b>" not in text
    assert text.split() != []
    assert "Um &amp; dois" in text


def test_the_conversation_is_noted_with_what_was_ticked(
    sign_in: SignIn, seller: User, shop: Shop
) -> None:
    browser = sign_in(seller)
    ids = [shop.case.id, shop.price.id, shop.battlecard.id]
    query = "&".join(f"asset={number}" for number in ids)
    dialog = browser.get(f"/prep/log?deal={shop.deal.id}&{query}").text
    ticked = re.findall(r'name="asset" value="(\d+)" checked', dialog)
    assert ticked == [str(shop.case.id), str(shop.price.id)]
    form = {"deal": shop.deal.id, "asset": ticked, "channel": "call", "key": "k"}
    browser.post("/deals/use", data=form)
    noted = set(db.session.scalars(select(UsageEvent.asset_id)))
    assert noted == {shop.case.id, shop.price.id}
    page = prep(browser, shop.deal)
    assert "já enviado neste negócio" in page
