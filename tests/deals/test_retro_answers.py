"""Answers of a retro: changed within a week with what stood before, skipped, counted."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from random import Random

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import queries, service
from contentlib.deals.models import Deal, Verdict
from contentlib.deals.retros import answers, skips
from contentlib.deals.retros.answers import Answers
from contentlib.deals.retros.coverage import Coverage, Part, coverage
from contentlib.library.models import Asset
from contentlib.usage.models import Action
from tests import factories
from tests.deals.test_pages import note, uses

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def closed(sign_in: SignIn, seller: User) -> Deal:
    deal = factories.deal(seller)
    note(sign_in(seller), deal, factories.asset("Caso Rodonorte").id)
    service.close_won(deal, by=seller)
    db.session.commit()
    return deal


def only(deal: Deal) -> Asset:
    (row,) = answers.asked(deal)
    return row.asset


def confirmed() -> int:
    return sum(event.action == Action.CONFIRMED for event in uses())


def test_what_was_answered_before_stays_readable(
    sign_in: SignIn, seller: User, closed: Deal
) -> None:
    asset, browser = only(closed), sign_in(seller)
    first = {f"verdict-{asset.id}": "helped", "decisive": asset.id, "missing": "Um vídeo"}
    browser.post(f"/deals/{closed.id}/retro", data=first)
    assert "Alterada" not in browser.get(f"/deals/{closed.id}").text
    browser.post(f"/deals/{closed.id}/retro", data=first)
    assert answers.history(queries.valid_retro(closed)) == [], "the same again is no change"
    browser.post(f"/deals/{closed.id}/retro", data={f"verdict-{asset.id}": "not_used"})
    (before,) = answers.history(queries.valid_retro(closed))
    assert before.answers == [{"asset": asset.id, "verdict": "helped", "decisive": True}]
    assert (before.missing, before.replaced_by_id) == ("Um vídeo", seller.id)
    page = browser.get(f"/deals/{closed.id}").text
    assert "Alterada uma vez" in page
    assert "Caso Rodonorte: ajudou" in page
    assert confirmed() == 0


def test_after_seven_days_answers_are_only_read(
    sign_in: SignIn, seller: User, closed: Deal
) -> None:
    asset, browser = only(closed), sign_in(seller)
    browser.post(f"/deals/{closed.id}/retro", data={f"verdict-{asset.id}": "helped"})
    retro = queries.valid_retro(closed)
    retro.answered_at = now() - timedelta(days=6, hours=23)
    db.session.commit()
    change = {f"verdict-{asset.id}": "shown", "missing": "Um vídeo"}
    assert browser.post(f"/deals/{closed.id}/retro", data=change).status_code == 302
    retro.answered_at = now() - timedelta(days=7, seconds=1)
    db.session.commit()
    assert "ficam como estão" in browser.get(f"/deals/{closed.id}/retro").text
    assert "Alterar a retro" not in browser.get(f"/deals/{closed.id}").text
    refused = browser.post(f"/deals/{closed.id}/retro", data=change | {"missing": "Outro vídeo"})
    assert refused.status_code == 422
    assert "mais de sete dias" in refused.text
    assert "Outro vídeo" in refused.text, "nothing typed is lost"
    assert queries.valid_retro(closed).missing == "Um vídeo"


def test_changing_does_not_begin_the_week_anew(app: Flask, seller: User, closed: Deal) -> None:
    began = now()
    for day in (0, 3, 6):
        with time_machine.travel(began + timedelta(days=day), tick=False):
            answers.answer(closed, Answers({}, missing=f"Dia {day}"), by=seller)
    retro = queries.valid_retro(closed)
    assert not answers.may_change(retro, began + timedelta(days=7))
    assert retro.changed_at == began + timedelta(days=6)


def test_re_opening_takes_back_what_was_confirmed(app: Flask, seller: User, closed: Deal) -> None:
    helped = Answers({only(closed).id: Verdict.HELPED})
    answers.answer(closed, helped, by=seller)
    assert confirmed() == 1
    service.reopen(closed, by=seller)
    assert confirmed() == 0
    service.close_won(closed, by=seller)
    answers.answer(closed, helped, by=seller)
    assert confirmed() == 1


def test_a_star_alone_says_that_it_helped(app: Flask, seller: User, closed: Deal) -> None:
    asset = only(closed)
    answers.answer(closed, Answers({}, decisive=asset.id), by=seller)
    (said,) = queries.valid_retro(closed).answers
    assert (said.verdict, said.decisive) == (Verdict.HELPED, True)
    assert confirmed() == 1


def test_a_deal_without_materials_still_asks_what_came_from_outside(
    sign_in: SignIn, seller: User
) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    service.close_won(deal, by=seller)
    db.session.commit()
    assert "de fora da biblioteca?" in browser.get(f"/deals/{deal.id}/retro").text
    browser.post(f"/deals/{deal.id}/retro", data={"outside": "Uma visita"})
    assert queries.valid_retro(deal).outside == "Uma visita"


def test_no_more_than_eight_materials_are_asked_about(sign_in: SignIn, seller: User) -> None:
    deal, browser = factories.deal(seller), sign_in(seller)
    for number in range(10):
        note(browser, deal, factories.asset(f"Material {number}").id, key=str(number))
    service.close_won(deal, by=seller)
    assert len(answers.asked(deal)) == 8


def test_a_deal_re_opened_in_the_middle_of_the_form_loses_nothing(
    sign_in: SignIn, seller: User, closed: Deal
) -> None:
    browser, asset = sign_in(seller), only(closed)
    page = browser.get(f"/deals/{closed.id}/retro").text
    assert '<input type="hidden" name="close" value="1">' in page
    form = {"close": 1, f"verdict-{asset.id}": "helped", "missing": "Um caso do varejo"}
    service.reopen(closed, by=seller)
    db.session.commit()
    refused = browser.post(f"/deals/{closed.id}/retro", data=form)
    assert refused.status_code == 422
    assert "reaberto" in refused.text
    assert "Um caso do varejo" in refused.text
    service.close_won(closed, by=seller)
    db.session.commit()
    refused = browser.post(f"/deals/{closed.id}/retro", data=form)
    assert "fechado de novo" in refused.text
    assert "Um caso do varejo" in refused.text
    assert queries.valid_retro(closed) is None
    assert browser.post(f"/deals/{closed.id}/retro", data=form | {"close": 2}).status_code == 302


def test_a_deal_taken_by_another_team_in_the_middle_of_the_form_loses_nothing(
    sign_in: SignIn, seller: User, closed: Deal
) -> None:
    browser = sign_in(seller)
    other = factories.user("seller", team="South")
    service.change_deal(closed, by=None, owner=other, team=other.team, title="Segredo do sul")
    db.session.commit()
    form = {"close": 1, "missing": "Um caso do varejo"}
    answer = browser.post(f"/deals/{closed.id}/retro", data=form)
    assert answer.status_code == 404
    assert "Um caso do varejo" in answer.text
    assert "Segredo" not in answer.text


def test_a_deal_closed_by_somebody_else_in_the_middle_loses_nothing(
    sign_in: SignIn, seller: User, closed: Deal
) -> None:
    form = {"closed_on": closed.closed_at.date().isoformat(), "missing": "Um caso do varejo"}
    answer = sign_in(seller).post(f"/deals/{closed.id}/close/won", data=form)
    assert answer.status_code == 409
    assert "já está fechado" in answer.text
    assert "Um caso do varejo" in answer.text


def test_a_skipped_retro_waits_no_more_and_can_be_answered_after_all(
    sign_in: SignIn, seller: User, closed: Deal
) -> None:
    browser, waiting = sign_in(seller), "/deals?view=table&outcome=without_retro"
    assert closed.title in browser.get(waiting).text
    for reason in ("", "nonsense"):
        refused = browser.post(f"/deals/{closed.id}/retro/skip", data={"skip_reason": reason})
        assert refused.status_code == 422
    browser.post(f"/deals/{closed.id}/retro/skip", data={"skip_reason": "nothing_used"})
    assert closed.title not in browser.get(waiting).text
    assert "nenhum material pesou" in browser.get(f"/deals/{closed.id}").text
    answers.answer(closed, Answers({}, outside="Uma visita"), by=seller)
    db.session.commit()
    refused = browser.post(f"/deals/{closed.id}/retro/skip", data={"skip_reason": "cannot_tell"})
    assert refused.status_code == 422
    assert "já foi respondida" in refused.text


def _answer(deal: Deal, by: User) -> None:
    answers.answer(deal, Answers({}), by=by)


def _skip(deal: Deal, by: User) -> None:
    skips.skip(deal, "not_involved", by=by)


def _close_anew(deal: Deal, by: User) -> None:
    service.reopen(deal, by=by)
    service.close_won(deal, by=by)


# What happens to a deal after its close, and as what it counts in the end.
FATES: tuple[tuple[tuple[Callable[[Deal, User], None], ...], str], ...] = (
    ((), "silent"),
    ((_answer,), "answered"),
    ((_skip,), "skipped"),
    ((_skip, _answer), "answered"),
    ((_answer, _close_anew), "silent"),
    ((_skip, _close_anew), "silent"),
    ((_answer, _close_anew, _skip), "skipped"),
    ((_skip, _close_anew, _answer), "answered"),
)


def test_the_coverage_equals_a_count_by_hand(app: Flask, seller: User) -> None:
    dice, told = Random(7), []
    for currency, (steps, fate) in product(("BRL", "BRL", "USD"), FATES):
        factories.deal(seller, 10**6, currency=currency)
        deal = factories.deal(seller, dice.randrange(1, 10**9), currency=currency)
        service.close_won(deal, by=seller)
        for step in steps:
            step(deal, seller)
        told.append((currency, fate, deal.amount_minor))

    def part(currency: str, *fates: str) -> Part:
        amounts = [row[2] for row in told if row[0] == currency and row[1] in fates]
        return Part(len(amounts), sum(amounts))

    counted = coverage()
    assert counted == [
        Coverage(
            currency,
            part(currency, "silent", "answered", "skipped"),
            part(currency, "answered"),
            part(currency, "skipped"),
        )
        for currency in ("BRL", "USD")
    ]
    assert [row.silent for row in counted] == [part("BRL", "silent"), part("USD", "silent")]


def test_the_manager_reads_how_many_answered(
    sign_in: SignIn, seller: User, manager: User, closed: Deal
) -> None:
    other = factories.deal(seller)
    service.close_won(other, by=seller)
    skips.skip(other, "not_involved", by=seller)
    third = factories.deal(seller)
    service.close_won(third, by=seller)
    answers.answer(third, Answers({}), by=seller)
    db.session.commit()
    page = sign_in(manager).get("/").text
    assert "Respondidos: 1 de 3 negócios (33" in page
    assert "1 pulada com motivo." in page
