"""The link of a letter: for one person, one close, fourteen days, and once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from contentlib.accounts.models import Role, User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import outcomes, queries, service, told
from contentlib.deals.models import Deal, Outcome, Verdict
from contentlib.deals.retros import invitations, jobs, skips
from contentlib.deals.retros.models import RetroInvitation, RetroSkip, WhyNot
from contentlib.jobs.models import Job
from contentlib.library.firm_day import firm_today
from contentlib.notifications.models import How, Notification, NotificationChoice
from contentlib.notifications.service import DIGEST, LETTER
from contentlib.usage.models import Action
from tests import factories
from tests.deals.test_pages import note, uses

SignIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("mailbox")


def asked() -> list[str]:
    """Do the asking that waits, and return the paths in the letters that came of it."""
    waiting = db.session.scalars(select(Job).where(Job.kind == invitations.ASK)).all()
    apply = jobs.ask_owners([job.payload for job in waiting])
    if waiting:
        apply()
    for job in waiting:
        db.session.delete(job)
    db.session.commit()
    letters = db.session.scalars(select(Job).where(Job.kind == LETTER).order_by(Job.id)).all()
    return [letter.payload["facts"]["path"] for letter in letters]


def won(seller: User, **facts: object) -> Deal:
    deal = factories.deal(seller, **facts)
    service.close_won(deal, by=seller)
    db.session.commit()
    return deal


def test_an_owner_who_did_not_answer_is_told_and_gets_the_link(app: Flask, seller: User) -> None:
    deal = won(seller, title="Piloto no Tucano")
    (path,) = asked()
    letter = db.session.scalars(select(Job).where(Job.kind == LETTER)).one()
    assert (letter.payload["to"], letter.payload["template"]) == (seller.email, "retro")
    assert letter.payload["facts"]["deal"] == "Piloto no Tucano"
    news = db.session.scalars(select(Notification)).one()
    assert (news.kind, news.address) == ("retro.due", f"/deals/{deal.id}/retro")
    assert news.mailed_at is not None, "the letter is its mail"
    row = db.session.scalars(select(RetroInvitation)).one()
    assert path.rpartition("/")[2] not in (row.token_hash, str(row.id))
    assert asked() == [path], "a second run asks nobody"


def test_the_link_answers_without_a_sign_in_and_only_once(
    client: FlaskClient, seller: User
) -> None:
    deal, asset = factories.deal(seller, 84_000_50), factories.asset("Caso Rodonorte")
    note(_signed_in(client, seller), deal, asset.id)
    _sign_out(client)
    service.close_won(deal, by=seller)
    db.session.commit()
    (path,) = asked()
    page = client.get(path)
    assert page.status_code == 200
    for words in ("Ganho: o que ajudou?", "84.000,50", "Caso Rodonorte", "noindex"):
        assert words in page.text
    form = {"close": 1, f"verdict-{asset.id}": "helped", "decisive": asset.id}
    assert "Obrigado" in client.post(path, data=form).text
    confirmed = [event for event in uses() if event.action == Action.CONFIRMED]
    assert [(event.actor_id, event.deal_id) for event in confirmed] == [(seller.id, deal.id)]
    again = client.post(path, data={f"verdict-{asset.id}": "not_used", "close": 1})
    for answer in (client.get(path), again):
        assert "já foi respondida" in answer.text
        assert f"/deals/{deal.id}/retro" in answer.text
        assert "84.000" not in answer.text
    assert queries.valid_retro(deal).answers[0].verdict is Verdict.HELPED


def test_opening_the_link_changes_nothing(client: FlaskClient, seller: User) -> None:
    won(seller)
    (path,) = asked()
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert db.session.scalars(select(RetroInvitation)).one().used_at is None


def _signed_in(client: FlaskClient, user: User) -> FlaskClient:
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = user.fs_uniquifier, True
    return client


def _sign_out(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session.clear()


def expired(deal: Deal, seller: User) -> None:
    db.session.scalars(select(RetroInvitation)).one().expires_at = now() - timedelta(seconds=1)


def reopened(deal: Deal, seller: User) -> None:
    service.reopen(deal, by=seller)


def closed_anew(deal: Deal, seller: User) -> None:
    service.reopen(deal, by=seller)
    service.close_won(deal, by=seller)


def passed_on(deal: Deal, seller: User) -> None:
    service.change_deal(deal, by=None, owner=factories.user("seller", team="North"))


def passed_on_and_back(deal: Deal, seller: User) -> None:
    passed_on(deal, seller)
    service.change_deal(deal, by=None, owner=seller)


def left_the_firm(deal: Deal, seller: User) -> None:
    seller.active = False


def sells_no_more(deal: Deal, seller: User) -> None:
    seller.role = Role.MARKETER


ENDS = (expired, reopened, closed_anew, passed_on, passed_on_and_back, left_the_firm, sells_no_more)


@pytest.mark.parametrize("end", ENDS)
def test_every_link_that_opens_nothing_gives_the_same_answer(
    client: FlaskClient, seller: User, end: Callable[[Deal, User], None]
) -> None:
    deal = won(seller, title="Segredo do norte")
    (path,) = asked()
    # The token of a form tells the second in which it was made, and nothing else may differ.
    with time_machine.travel(now(), tick=False):
        guessed = client.get("/retro/" + "x" * 43)
        end(deal, seller)
        db.session.commit()
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, guessed.text)
        told = client.post(path, data={"close": 1, "missing": "Um caso do varejo"})
        assert told.status_code == 404
        assert "Um caso do varejo" in told.text, "nothing typed is lost"
        assert "Segredo" not in told.text
        assert told.text == client.post("/retro/x", data={"missing": "Um caso do varejo"}).text
        assert queries.valid_retro(deal) is None


def test_somebody_else_who_is_signed_in_opens_nothing(sign_in: SignIn, seller: User) -> None:
    won(seller, title="Segredo do norte")
    (path,) = asked()
    for other in (factories.user("seller", team="North"), factories.user("admin")):
        answer = sign_in(other).get(path)
        assert answer.status_code == 404
        assert "Segredo" not in answer.text
        assert sign_in(other).post(path, data={"close": 1}).status_code == 404
    assert sign_in(seller).get(path, follow_redirects=True).status_code == 200


def test_a_deal_passed_on_asks_its_new_owner(app: Flask, seller: User) -> None:
    deal = won(seller)
    (first,) = asked()
    other = factories.user("seller", team="North")
    service.change_deal(deal, by=None, owner=other)
    db.session.commit()
    assert [path for path in asked() if path != first] != []
    told_people = db.session.scalars(select(Notification.user_id).order_by(Notification.id)).all()
    assert told_people == [seller.id, other.id]


def test_a_deal_closed_anew_asks_anew(client: FlaskClient, seller: User) -> None:
    deal = won(seller)
    (first,) = asked()
    assert "Obrigado" in client.post(first, data={"close": 1, "outside": "Uma visita"}).text
    service.reopen(deal, by=seller)
    service.close_lost(deal, by=seller, reason=outcomes.get_loss_reason("price"))
    db.session.commit()
    _first, second = asked()
    assert client.get(first).status_code == 404
    assert "Uma visita" not in client.get(second).text
    assert "Obrigado" in client.post(second, data={"close": 2}).text
    assert db.session.scalars(select(Notification)).all()[1].key.endswith(":2")


@pytest.mark.parametrize(("days", "letters"), [(1, 1), (13, 1), (15, 0), (400, 0)])
def test_of_imported_deals_only_those_closed_of_late_are_asked_about(
    app: Flask, seller: User, days: int, letters: int
) -> None:
    imported(seller, "a", days)
    assert len(asked()) == letters


def imported(seller: User, name: str, days: int) -> Deal:
    known = factories.deal(seller)
    deal = told.take_over(
        external_id=name,
        title=name,
        amount_minor=1,
        opened_at=now() - timedelta(days=days + 30),
        outcome=Outcome.WON,
        closed_at=now() - timedelta(days=days),
        owner=seller,
        stage=known.stage,
        pipeline=known.pipeline,
        currency="BRL",
    )
    db.session.commit()
    return deal


def test_an_import_of_many_fresh_closes_fills_no_mailbox(app: Flask, seller: User) -> None:
    for number in range(12):
        imported(seller, f"deal-{number}", 2)
    assert len(asked()) == invitations.MOST_A_DAY
    assert db.session.query(Notification).count() == invitations.MOST_A_DAY


def test_an_import_can_be_undone_after_it_was_asked_about_but_not_after_it_was_skipped(
    app: Flask, seller: User
) -> None:
    asked_about, skipped = imported(seller, "a", 1), imported(seller, "b", 1)
    assert len(asked()) == 2
    skips.skip(skipped, "not_involved", by=seller)
    db.session.execute(delete(Deal).where(Deal.id == asked_about.id))
    assert db.session.query(RetroInvitation).count() == 1
    with pytest.raises(IntegrityError):
        db.session.execute(delete(Deal).where(Deal.id == skipped.id))


def test_who_wants_it_with_the_daily_letter_gets_no_letter_of_its_own(
    app: Flask, seller: User
) -> None:
    db.session.add(NotificationChoice(user_id=seller.id, kind="retro.due", how=How.DIGEST))
    won(seller)
    assert asked() == []
    assert db.session.scalars(select(Notification)).one().mailed_at is None
    assert db.session.scalars(select(Job.kind).where(Job.kind == DIGEST)).all() == [DIGEST]


def test_who_answers_right_at_the_close_is_not_asked(sign_in: SignIn, seller: User) -> None:
    deal = factories.deal(seller)
    form = {"closed_on": firm_today().isoformat(), "outside": "Uma visita"}
    sign_in(seller).post(f"/deals/{deal.id}/close/won", data=form)
    assert deal.outcome is Outcome.WON
    assert asked() == []


def test_nobody_is_asked_of_a_deal_that_belongs_to_nobody(app: Flask, seller: User) -> None:
    deal = factories.deal(seller)
    service.change_deal(deal, by=None, owner=None)
    service.close_won(deal, by=None)
    db.session.commit()
    assert asked() == []


def test_a_lost_deal_without_a_reason_is_asked_for_it(client: FlaskClient, seller: User) -> None:
    deal = factories.deal(seller)
    service.close_as_told(deal, Outcome.LOST, closed_at=now(), source="import")
    db.session.commit()
    (path,) = asked()
    page = client.get(path).text
    assert 'name="loss_reason"' in page
    form = {"close": 1, "loss_reason": "price", "competitor": "Outra", "loss_note": "Caro demais"}
    assert "Obrigado" in client.post(path, data=form).text
    assert (deal.loss_reason.key, deal.competitor, deal.loss_note) == (
        "price",
        "Outra",
        "Caro demais",
    )


def test_a_link_may_be_skipped_with_a_reason(client: FlaskClient, seller: User) -> None:
    deal = won(seller)
    (path,) = asked()
    refused = client.post(path, data={"skip": "1", "missing": "Um vídeo"})
    assert refused.status_code == 422
    assert "Diga por que" in refused.text
    assert "Um vídeo" in refused.text
    assert client.post(path, data={"skip": "1", "skip_reason": "not_involved"}).status_code == 200
    skip = db.session.scalars(select(RetroSkip)).one()
    assert (skip.deal_id, skip.reason) == (deal.id, WhyNot.NOT_INVOLVED)
    assert "já foi respondida" in client.get(path).text


def test_a_link_speaks_the_language_of_its_person(client: FlaskClient, seller: User) -> None:
    seller.language = "en"
    won(seller)
    (path,) = asked()
    page = client.get(path, headers={"Accept-Language": "pt-BR"}).text
    assert "Won: what helped?" in page
    assert re.search(r'<html lang="en"', page)


def test_words_of_an_attacker_stay_words(client: FlaskClient, seller: User) -> None:
    evil = "<script>alert(1)</script>"
    won(seller, title=evil, company=evil)
    (path,) = asked()
    assert evil not in client.get(path).text
    assert evil not in client.post("/retro/x", data={"missing": evil}).text
    assert evil not in client.post(path, data={"skip": "1", "missing": evil, "outside": evil}).text


def test_a_link_outlives_no_fortnight(client: FlaskClient, seller: User) -> None:
    won(seller)
    (path,) = asked()
    with time_machine.travel(now() + timedelta(days=13, hours=23), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(now() + timedelta(days=14, seconds=1), tick=False):
        assert client.get(path).status_code == 404
