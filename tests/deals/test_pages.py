"""What a seller does with a deal in the browser, without JavaScript."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import queries, service
from contentlib.deals.models import Deal, Outcome, Verdict
from contentlib.library.firm_day import firm_today
from contentlib.usage.models import Action, UsageEvent
from contentlib.usage.queries import counting
from tests import factories

SignIn = Callable[[User], FlaskClient]


def uses() -> list[UsageEvent]:
    return list(db.session.scalars(counting().order_by(UsageEvent.id)))


def test_a_deal_is_opened_with_an_amount_as_people_write_it(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    factories.deal(seller)
    answer = sign_in(seller).post(
        "/deals/new",
        data={
            "title": "Vértice",
            "company": "Vértice Logística",
            "amount": "R$ 84.000,50",
            "currency": "BRL",
            "owner": seller.id,
            "stage": "proposal",
            "pipeline": "new_business",
        },
    )
    deal = db.session.scalars(select(Deal).where(Deal.title == "Vértice")).one()
    assert answer.location == f"/deals/{deal.id}"
    assert (deal.amount_minor, deal.team_id) == (84_000_50, seller.team_id)


@pytest.mark.parametrize("amount", ["muito", "-5", "9" * 30])
def test_an_impossible_amount_keeps_the_form_and_says_why(
    app: Flask, sign_in: SignIn, seller: User, amount: str
) -> None:
    factories.deal(seller)
    form = {
        "title": "X",
        "company": "Y",
        "amount": amount,
        "currency": "BRL",
        "owner": seller.id,
        "stage": "proposal",
        "pipeline": "new_business",
    }
    answer = sign_in(seller).post("/deals/new", data=form)
    assert answer.status_code in (200, 422)
    assert db.session.scalar(select(func.count(Deal.id)).where(Deal.title == "X")) == 0


def note(browser: FlaskClient, deal: Deal, asset_id: int, key: str = "one", **more: object):
    form = {"deal": deal.id, "asset": asset_id, "channel": "whatsapp", "key": key} | more
    return browser.post("/deals/use", data=form)


def test_a_use_is_noted_with_the_stage_and_can_be_taken_back(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    assert note(browser, deal, asset.id).status_code == 200
    assert note(browser, deal, asset.id).status_code == 200
    (event,) = uses()
    assert (event.action, event.stage_id) == (Action.SENT_OUTSIDE, deal.stage_id)
    browser.post(f"/deals/use/undo?event={event.id}")
    assert uses() == []


def test_a_use_remembers_the_search_it_came_from(app: Flask, sign_in: SignIn, seller: User) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    origin = "01a20f00-0000-7000-8000-000000000001"
    dialog = browser.get(f"/deals/use?asset={asset.id}&search={origin}&pos=3").text
    assert f'value="{origin}"' in dialog
    note(browser, deal, asset.id, search=origin, pos=3)
    assert [(event.search_id, event.position) for event in uses()] == [(origin, 3)]


def test_a_use_long_ago_needs_a_reason(app: Flask, sign_in: SignIn, seller: User) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    day = (now() - timedelta(days=40)).date().isoformat()
    assert note(browser, deal, asset.id, occurred_on=day).status_code == 422
    assert note(browser, deal, asset.id, occurred_on=day, note="found it").status_code == 200


@pytest.mark.parametrize("day", ["2026-02-30", "nunca", "9999-01-01"])
def test_a_day_that_cannot_be_is_refused(
    app: Flask, sign_in: SignIn, seller: User, day: str
) -> None:
    deal, asset = factories.deal(seller), factories.asset()
    assert note(sign_in(seller), deal, asset.id, occurred_on=day).status_code == 422
    assert uses() == []


def test_the_deals_of_another_team_do_not_exist_on_any_path(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    browser, asset = sign_in(seller), factories.asset()
    paths = ["", "/edit", "/retro", "/close/won", "/contacts/new"]
    assert {browser.get(f"/deals/{foreign.id}{path}").status_code for path in paths} == {404}
    assert "Secret deal" not in browser.get(f"/deals/use?asset={asset.id}&deal={foreign.id}").text
    assert note(browser, foreign, asset.id).status_code == 404
    for path in ("/deals", "/deals?view=table", "/deals/options?deal_text=Secret"):
        assert b"Secret deal" not in browser.get(path).data
    posts = ["/stage", "/reopen", "/close/won", "/retro"]
    assert {browser.post(f"/deals/{foreign.id}{path}").status_code for path in posts} == {404}
    assert browser.get(f"/companies/{foreign.company_id}").status_code == 404


def test_a_deal_is_lost_only_with_a_reason(app: Flask, sign_in: SignIn, seller: User) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    form = {"closed_on": firm_today().isoformat()}
    assert browser.post(f"/deals/{deal.id}/close/lost", data=form).status_code == 422
    assert deal.outcome == Outcome.OPEN
    browser.post(f"/deals/{deal.id}/close/lost", data=form | {"loss_reason": "price"})
    assert deal.outcome == Outcome.LOST


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_deal_closes_on_the_day_of_the_firm_unless_one_says_otherwise(
    app: Flask, sign_in: SignIn, seller: User, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    settings = app.extensions["settings"].model_copy(update={"timezone": zone})
    monkeypatch.setitem(app.extensions, "settings", settings)
    page = browser.get(f"/deals/{deal.id}/close/won").text
    shown = re.search(r'<input[^>]*name="closed_on"[^>]*value="([^"]*)"', page)
    assert shown
    assert shown[1] == firm_today().isoformat()


def closed_with_answers(browser: FlaskClient, deal: Deal, asset_id: int, verdict: str):
    form = {"closed_on": firm_today().isoformat(), f"verdict-{asset_id}": verdict}
    return browser.post(f"/deals/{deal.id}/close/won", data=form)


def test_what_helped_becomes_a_confirmed_use_once(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    note(browser, deal, asset.id)
    closed_with_answers(browser, deal, asset.id, "helped")
    form = {f"verdict-{asset.id}": "helped", "decisive": asset.id}
    browser.post(f"/deals/{deal.id}/retro", data=form)
    confirmed = [event for event in uses() if event.action == Action.CONFIRMED]
    assert [(event.grade, event.late) for event in confirmed] == [(5, False)]
    (answer,) = queries.valid_retro(deal).answers
    assert (answer.verdict, answer.decisive) == (Verdict.HELPED, True)


def test_a_changed_answer_takes_the_confirmation_back(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    note(browser, deal, asset.id)
    closed_with_answers(browser, deal, asset.id, "helped")
    browser.post(f"/deals/{deal.id}/retro", data={f"verdict-{asset.id}": "shown"})
    assert Action.CONFIRMED not in {event.action for event in uses()}
    browser.post(f"/deals/{deal.id}/retro", data={f"verdict-{asset.id}": "helped"})
    assert Action.CONFIRMED in {event.action for event in uses()}


def test_closing_without_answers_leaves_the_retro_waiting(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    form = {"closed_on": firm_today().isoformat(), "skip": "1"}
    sign_in(seller).post(f"/deals/{deal.id}/close/won", data=form)
    assert deal.title in sign_in(seller).get("/deals?view=table&outcome=without_retro").text


def test_the_dialog_proposes_the_deal_in_hand_and_lets_one_choose_another(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    asset, opened, chosen = factories.asset(), factories.deal(seller), factories.deal(seller)
    browser = sign_in(seller)
    address = f"/deals/use?asset={asset.id}&deal={opened.id}"
    assert 'role="combobox"' in (dialog := browser.get(address).text)
    assert f'name="deal" value="{opened.id}"' in dialog
    assert f'name="deal" value="{chosen.id}"' in browser.get(f"{address}&deal={chosen.id}").text
    from_the_deal = browser.get(f"/deals/use?deal={opened.id}").text
    assert f'<input type="hidden" name="deal" value="{opened.id}">' in from_the_deal
    assert opened.title in from_the_deal


def test_the_table_is_narrowed_to_deals_that_wait(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    soon = firm_today() + timedelta(days=5)
    factories.deal(seller, title="Sem material", expected_close=soon)
    factories.deal(seller, title="Com tempo", expected_close=soon + timedelta(days=30))
    browser = sign_in(seller)
    waiting = browser.get("/deals?view=table&outcome=without_content&order=close").text
    assert "Sem material" in waiting
    assert "Com tempo" not in waiting
    assert "Com tempo" in browser.get("/deals?view=table&outcome=nonsense").text


def test_the_board_counts_more_than_it_shows(app: Flask, sign_in: SignIn, seller: User) -> None:
    for _number in range(22):
        factories.deal(seller, 1_00)
    page = sign_in(seller).get("/deals").get_data(as_text=True)
    assert page.count('class="kanban-card"') == 20
    assert ">22</span>" in page


def test_a_script_in_a_title_is_only_text(app: Flask, sign_in: SignIn, seller: User) -> None:
    factories.deal(seller, title="<script>alert(1)</script>")
    page = sign_in(seller).get("/deals").get_data(as_text=True)
    assert "<script>alert" not in page


def test_closing_twice_is_told_and_changes_nothing(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    service.close_won(deal, by=seller)
    db.session.commit()
    form = {"closed_on": firm_today().isoformat(), "loss_reason": "price"}
    answer = sign_in(seller).post(f"/deals/{deal.id}/close/lost", data=form)
    assert answer.status_code == 409
    assert deal.outcome == Outcome.WON


def test_a_close_that_is_refused_keeps_every_answer(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    note(browser, deal, asset.id)
    form = {
        "closed_on": (now() + timedelta(days=3)).date().isoformat(),
        "loss_reason": "price",
        "loss_note": "Caro para este ano",
        f"verdict-{asset.id}": "shown",
        "missing": "Um caso do varejo",
    }
    answer = browser.post(f"/deals/{deal.id}/close/lost", data=form)
    assert answer.status_code == 422
    assert 'id="closed_on-error"' in answer.text
    assert "Caro para este ano" in answer.text
    assert ">Um caso do varejo</textarea>" in answer.text
    assert re.search(rf'name="verdict-{asset.id}" value="shown"[^>]* checked', answer.text)
    assert deal.outcome == Outcome.OPEN


def test_answers_that_contradict_each_other_stay_to_be_corrected(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal, asset, browser = factories.deal(seller), factories.asset(), sign_in(seller)
    note(browser, deal, asset.id)
    closed_with_answers(browser, deal, asset.id, "helped")
    form = {f"verdict-{asset.id}": "shown", "decisive": asset.id, "outside": "Uma visita"}
    answer = browser.post(f"/deals/{deal.id}/retro", data=form)
    assert answer.status_code == 422
    assert ">Uma visita</textarea>" in answer.text
    assert queries.valid_retro(deal).answers[0].verdict == Verdict.HELPED


def test_a_deal_without_a_name_for_its_company_keeps_the_form(
    app: Flask, sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller)
    form = {
        "title": "Rota Norte",
        "company": "  ",
        "amount": "10",
        "currency": "BRL",
        "owner": seller.id,
        "stage": "proposal",
        "pipeline": "new_business",
    }
    for path in ("/deals/new", f"/deals/{deal.id}/edit"):
        answer = sign_in(seller).post(path, data=form)
        assert answer.status_code == 422
        assert 'id="company-error"' in answer.text
        assert 'value="Rota Norte"' in answer.text


def test_where_there_is_no_deal_yet_one_is_offered(sign_in: SignIn, seller: User) -> None:
    for view in ("board", "table"):
        text = sign_in(seller).get(f"/deals?view={view}").text
        assert "Novo negócio" in text
        assert "corresponde" not in text
