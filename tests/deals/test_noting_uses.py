"""Noting uses: several at once, doubles, late ones, and from the page of another system."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.deals import service, use
from contentlib.deals.models import Deal
from contentlib.deals.outside import deals_meant
from contentlib.library.firm_day import firm_today
from contentlib.library.taxonomy import Stage, get_term
from contentlib.usage.models import UsageEvent
from contentlib.usage.queries import counting
from tests import factories

SignIn = Callable[[User], FlaskClient]


def uses() -> list[UsageEvent]:
    return list(db.session.scalars(counting().order_by(UsageEvent.id)))


def sent(deal: Deal, *assets: int, key: str = "k", **more: object) -> dict[str, object]:
    return {"deal": deal.id, "asset": list(assets), "channel": "call", "key": key} | more


def test_several_materials_are_noted_at_once_each_once_and_undone_together(
    sign_in: SignIn, seller: User
) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    ids = [factories.asset(title).id for title in ("Um", "Dois", "Três")]
    answer = browser.post("/deals/use", data=sent(deal, *ids, ids[0]))
    assert "3 materiais" in answer.text
    assert [event.asset_id for event in uses()] == ids
    undo = re.search(r'hx-post="([^"]*undo[^"]*)"', answer.text)
    assert undo is not None
    browser.post(undo[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert uses() == []


def test_a_double_within_two_minutes_is_told_and_its_undo_spares_the_first(
    sign_in: SignIn, seller: User
) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    first, other = factories.asset("Um"), factories.asset("Dois")
    browser.post("/deals/use", data=sent(deal, first.id, key="a"))
    again = browser.post("/deals/use", data=sent(deal, first.id, key="b"))
    assert "conta uma vez só" in again.text
    assert "undo" not in again.text
    both = browser.post("/deals/use", data=sent(deal, first.id, other.id, key="c"))
    assert "1 já tinha sido registrado" in both.text
    assert f"event={uses()[0].id}" not in both.text
    assert len(uses()) == 2
    resent = browser.post("/deals/use", data=sent(deal, other.id, key="c"))
    assert "instantes" not in resent.text


def test_that_a_deal_is_closed_or_a_day_long_ago_is_said_before_it_is_saved(
    sign_in: SignIn, seller: User
) -> None:
    deal, browser = factories.deal(seller, title="Fechado"), sign_in(seller)
    address = f"/deals/use/notice?deal={deal.id}"
    assert "notice" not in browser.get(address).text
    service.close_won(deal, by=seller)
    db.session.commit()
    assert "fora do crédito" in browser.get(address).text
    old = (firm_today() - timedelta(days=31)).isoformat()
    assert "mais de 30 dias" in browser.get(f"/deals/use/notice?occurred_on={old}").text
    for day in ("nunca", "9999-01-01", firm_today().isoformat(), ""):
        assert "notice" not in browser.get(f"/deals/use/notice?occurred_on={day}").text
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    service.close_won(foreign, by=foreign.owner)
    assert "Secret" not in browser.get(f"/deals/use/notice?deal={foreign.id}").text


def test_a_use_after_the_close_is_late_and_says_so(sign_in: SignIn, seller: User) -> None:
    deal, asset = factories.deal(seller), factories.asset()
    service.close_won(deal, by=seller)
    db.session.commit()
    answer = sign_in(seller).post("/deals/use", data=sent(deal, asset.id))
    assert "Com atraso" in answer.text
    assert [event.late for event in uses()] == [True]


def test_the_dialog_of_a_deal_offers_what_the_person_had_in_hand(
    sign_in: SignIn, seller: User
) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    opened, other = factories.asset("Aberto agora"), factories.asset("Nunca visto")
    browser.post(f"/assets/{opened.id}/opened?deal={deal.id}")
    dialog = browser.get(f"/deals/use?deal={deal.id}").text
    assert f'type="checkbox" name="asset" value="{opened.id}"' in dialog
    assert other.title not in dialog
    factories.change(opened, valid_until=firm_today() - timedelta(days=1))
    db.session.commit()
    assert opened.title not in browser.get(f"/deals/use?deal={deal.id}").text


def test_where_a_use_is_noted_is_one_of_few_places(seller: User) -> None:
    deal, asset = factories.deal(seller), factories.asset()
    told = use.Use("call", surface="<script>")
    with pytest.raises(Invalid):
        use.note_use(deal, [asset], told, by=seller, key="k", zone="UTC")


@pytest.fixture
def crm_deal(seller: User) -> Deal:
    row = factories.deal(seller, title="Expansão do pátio", company="Vértice Logística")
    row.external_id = "deal-90871"
    db.session.commit()
    return row


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://crm.example/objects/0-3/record/deal-90871?view=1", "CRM"),
        ("https://crm.example/#/deal-90871", ""),
        ("https://crm.example/x", "Vértice Logística | CRM"),
        ("https://crm.example/x", "VERTICE LOGISTICA: Expansão do pátio"),
        ("", "Expansão do pátio - Negócios"),
    ],
)
def test_the_deal_of_a_foreign_page_is_recognised(
    seller: User, crm_deal: Deal, address: str, title: str
) -> None:
    factories.deal(seller, title="Outra coisa", company="Orla")
    assert [deal.id for deal in deals_meant(seller, address=address, title=title)] == [crm_deal.id]


@pytest.mark.parametrize("text", ["", "%", "\x00", "é" * 3000, "deal-9087 de um", "'--<script>"])
def test_a_page_about_nothing_here_means_no_deal(seller: User, crm_deal: Deal, text: str) -> None:
    assert deals_meant(seller, address=text, title=text) == []


def test_a_deal_of_another_team_is_not_recognised(seller: User, crm_deal: Deal) -> None:
    stranger = factories.user("seller", team="South")
    address, title = "https://crm.example/deal-90871", "Vértice Logística"
    assert deals_meant(stranger, address=address, title=title) == []


def test_the_page_over_a_crm_notes_a_use_without_scripts_and_says_where_from(
    sign_in: SignIn, seller: User, crm_deal: Deal
) -> None:
    browser, asset = sign_in(seller), factories.asset("Caso do pátio")
    browser.post(f"/assets/{asset.id}/opened")
    page = browser.get("/use?url=https://crm.example/deal-90871&title=<script>x</script>").text
    assert f'name="deal" value="{crm_deal.id}"' in page
    assert f'type="checkbox" name="asset" value="{asset.id}"' in page
    assert "<script>x" not in page
    form = sent(crm_deal, asset.id, deal_text=crm_deal.title, asset_text="")
    answer = browser.post("/use", data=form)
    assert answer.status_code == 200
    assert "Você pode fechar esta janela" in answer.text
    event = uses()[-1]
    assert (event.surface, event.deal_id, event.stage_id) == (
        "bookmarklet",
        crm_deal.id,
        crm_deal.stage_id,
    )
    again = browser.post("/use", data=form | {"key": "other"})
    assert "conta uma vez só" in again.text
    answer = browser.post(f"/deals/use/undo?event={event.id}")
    assert answer.status_code == 302
    assert event not in uses()


def test_names_typed_without_scripts_are_enough_where_they_are_one_thing(
    sign_in: SignIn, seller: User, crm_deal: Deal
) -> None:
    browser, asset = sign_in(seller), factories.asset("Caso do pátio")
    other = factories.deal(seller, title="Piloto na Orla")
    form = {"deal": crm_deal.id, "deal_text": "na orla", "asset_text": "caso do", "asset": ""}
    answer = browser.post("/use", data=form | {"channel": "meeting", "key": "k"})
    assert answer.status_code == 200
    assert [(event.deal_id, event.asset_id) for event in uses()] == [(other.id, asset.id)]


def test_what_is_refused_keeps_everything_that_was_filled_in(
    sign_in: SignIn, seller: User, crm_deal: Deal
) -> None:
    browser = sign_in(seller)
    ids = [factories.asset(title).id for title in ("Caso A", "Caso B")]
    old = (firm_today() - timedelta(days=45)).isoformat()
    form = sent(crm_deal, ids[0], deal_text=crm_deal.title, occurred_on=old)
    answer = browser.post("/use", data=form)
    assert answer.status_code == 422
    assert "30 dias" in answer.text
    assert f'value="{ids[0]}" checked' in answer.text
    assert f'value="{old}"' in answer.text
    assert f'name="deal" value="{crm_deal.id}"' in answer.text
    ambiguous = browser.post("/use", data=sent(crm_deal, asset_text="caso"))
    assert ambiguous.status_code == 422
    for asset_id in ids:
        assert f'type="checkbox" name="asset" value="{asset_id}"' in ambiguous.text
    assert browser.post("/use", data=sent(crm_deal, ids[0], channel="x")).status_code == 422
    assert uses() == []


def test_a_foreign_deal_is_absent_on_the_page_too(sign_in: SignIn, seller: User) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    browser, asset = sign_in(seller), factories.asset()
    assert browser.post("/use", data=sent(foreign, asset.id)).status_code == 404
    named = sent(foreign, asset.id, deal_text="Secret deal") | {"deal": ""}
    refused = browser.post("/use", data=named)
    assert refused.status_code == 422
    assert "Secret deal" not in browser.get(f"/use?deal={foreign.id}&title=Secret deal").text
    assert uses() == []


def test_the_bookmark_opens_our_page_and_nothing_else(sign_in: SignIn, seller: User) -> None:
    page = sign_in(seller).get("/me/bookmarklet").text
    assert "javascript:" in page
    assert "http://localhost/use?url=" in page


def test_the_history_of_stages_decides_what_is_told_late(sign_in: SignIn, seller: User) -> None:
    deal, asset = factories.deal(seller, stage="proposal"), factories.asset()
    proposal = deal.stage_id
    service.move_to_stage(deal, get_term(Stage, "negotiation"), by=seller)
    db.session.commit()
    day = (firm_today() - timedelta(days=3)).isoformat()
    sign_in(seller).post("/deals/use", data=sent(deal, asset.id, occurred_on=day))
    assert [event.stage_id for event in uses()] == [proposal]
    assert db.session.scalars(select(UsageEvent.late)).all() == [False]
