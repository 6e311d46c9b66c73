"""Whether an answer worked: told in two taps, counted once, and its owner hears of failures."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals import use
from contentlib.deals.answers import queries, service
from contentlib.deals.answers.models import AnswerOutcome
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.service import publish
from contentlib.library.taxonomy import Stage, get_term
from contentlib.notifications.models import Notification
from contentlib.usage.models import UsageEvent
from tests import factories

SignIn = Callable[[User], FlaskClient]
HX = {"HX-Request": "true"}


@pytest.fixture
def card(marketer: User) -> Asset:
    """An answer that sellers see."""
    row = factories.draft("Está caro", owner=marketer, type="objection")
    versions.add_objection_version(row, **factories.OBJECTION, proof=None, by=marketer)
    publish(row, by=marketer, today=firm_today())
    db.session.commit()
    return row


def outcomes() -> list[AnswerOutcome]:
    return list(db.session.scalars(select(AnswerOutcome).order_by(AnswerOutcome.id)))


def tell(browser: FlaskClient, card: Asset, worked: str = "yes", **more: object):
    return browser.post(f"/assets/{card.id}/outcome", data={"worked": worked} | more, headers=HX)


def failed(card: Asset, by: User, *, days_ago: float = 0) -> AnswerOutcome:
    with time_machine.travel(now() - timedelta(days=days_ago), tick=False):
        outcome = service.note_failed(card, None, by=by, address=f"/assets/{card.id}")
        db.session.commit()
    return outcome


def news() -> list[Notification]:
    return list(db.session.scalars(select(Notification).order_by(Notification.id)))


def test_it_is_kept_with_its_version_and_the_stage_of_the_deal_at_that_moment(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    deal = factories.deal(seller, stage="proposal")
    answer = tell(sign_in(seller), card, deal=deal.id)
    assert deal.title in answer.text
    (outcome,) = outcomes()
    assert outcome.worked
    assert (outcome.deal_id, outcome.stage_id) == (deal.id, deal.stage_id)
    assert outcome.asset_version_id == card.published_version_id
    stage = outcome.stage_id
    deals.move_to_stage(deal, get_term(Stage, "negotiation"), by=seller)
    assert outcome.stage_id == stage


def test_the_same_told_twice_within_two_minutes_counts_once(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    for _ in range(3):
        tell(sign_in(seller), card, "no")
    assert len(outcomes()) == 1
    with time_machine.travel(now() + timedelta(minutes=3), tick=False):
        tell(sign_in(seller), card, "no")
    assert len(outcomes()) == 2
    tell(sign_in(factories.user("seller")), card, "no")
    assert len(outcomes()) == 3


def test_who_tapped_beside_it_taps_again_and_only_the_last_counts(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    tell(sign_in(seller), card, "no")
    tell(sign_in(seller), card, "yes")
    first, last = outcomes()
    assert first.undone_at is not None
    assert last.undone_at is None
    record = queries.record_of(card)
    assert (record.part, record.whole) == (1, 1)


def test_it_can_be_taken_back_and_explained_by_who_told_it_alone(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    browser, stranger = sign_in(seller), sign_in(factories.user("seller", team="North"))
    assert "/why" in tell(browser, card, "no").text
    (outcome,) = outcomes()
    hostile = "<script>alert(1)</script>"
    answer = browser.post(f"/outcomes/{outcome.id}/why", data={"note": hostile}, headers=HX)
    assert "<script>" not in answer.text
    assert outcome.note == hostile
    assert stranger.post(f"/outcomes/{outcome.id}/why", data={"note": "x"}).status_code == 404
    assert stranger.post(f"/outcomes/{outcome.id}/undo").status_code == 404
    assert browser.post(f"/outcomes/{outcome.id}/undo", headers=HX).status_code == 200
    assert queries.record_of(card).whole == 0


def test_without_scripts_it_is_told_on_the_page_again(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    answer = sign_in(seller).post(
        f"/assets/{card.id}/outcome", data={"worked": "no"}, follow_redirects=True
    )
    assert "Anotado" in answer.text
    assert answer.request.path == f"/assets/{card.id}"


def test_the_deal_of_another_team_is_none(sign_in: SignIn, seller: User, card: Asset) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    answer = tell(sign_in(seller), card, deal=foreign.id)
    assert "Secret deal" not in answer.text
    assert [outcome.deal_id for outcome in outcomes()] == [None]


def test_only_answers_and_scripts_work_or_fail(sign_in: SignIn, seller: User) -> None:
    assert tell(sign_in(seller), factories.asset()).status_code == 422
    assert outcomes() == []


def test_three_failures_in_thirty_days_tell_the_owner_once(card: Asset) -> None:
    sellers = [factories.user("seller") for _ in range(5)]
    failed(card, sellers[0], days_ago=40)
    failed(card, sellers[1], days_ago=20)
    failed(card, sellers[2], days_ago=10)
    assert news() == []
    failed(card, sellers[3], days_ago=1)
    failed(card, sellers[4])
    (told,) = news()
    assert (told.user_id, told.kind) == (card.owner_id, "answer.failed")
    assert told.facts == {"asset": "Está caro", "times": 3, "days": 30}
    assert told.address == f"/assets/{card.id}"
    assert told.key.startswith(f"answer.failed:{card.id}:")


def test_after_thirty_days_it_is_told_again(card: Asset) -> None:
    for day in (70, 69, 68, 3, 2, 1):
        failed(card, factories.user("seller"), days_ago=day)
    assert len(news()) == 2
    assert len({told.key for told in news()}) == 2


def test_failures_that_were_taken_back_tell_nobody(card: Asset, seller: User) -> None:
    taken_back = failed(card, seller, days_ago=2)
    service.undo(taken_back.id, by=seller)
    for day in (1, 0.5):
        failed(card, factories.user("seller"), days_ago=day)
    assert news() == []


def test_where_the_owner_left_the_deputy_is_told_and_else_the_admins(
    card: Asset, marketer: User, admin: User
) -> None:
    deputy = factories.user("marketer")
    assert list(service.who_answers_for(card)) == [marketer]
    marketer.active, card.deputy = False, deputy
    db.session.flush()
    assert list(service.who_answers_for(card)) == [deputy]
    deputy.active = False
    db.session.flush()
    for day in (2, 1, 0):
        failed(card, factories.user("seller"), days_ago=day)
    assert [told.user_id for told in news()] == [admin.id]


@pytest.mark.parametrize("role", ["seller", "marketer"])
def test_from_a_card_that_expired_a_second_ago_nothing_is_noted_and_that_is_said(
    sign_in: SignIn, card: Asset, role: str
) -> None:
    browser = sign_in(factories.user(role))
    assert browser.get(f"/assets/{card.id}").status_code == 200
    factories.change(card, valid_until=firm_today() - timedelta(days=1))
    db.session.commit()
    for path in ("copied?part=answer", "outcome"):
        answer = browser.post(f"/assets/{card.id}/{path}", headers=HX)
        assert answer.status_code == (404 if role == "seller" else 409)
        assert "n\\u00e3o use o que voc\\u00ea copiou" in answer.headers["HX-Trigger"]
    absent = browser.post("/assets/999999/copied?part=answer", headers=HX)
    assert "n\\u00e3o use o que voc\\u00ea copiou" in absent.headers["HX-Trigger"]
    assert outcomes() == []
    assert list(db.session.scalars(select(UsageEvent))) == []


def won(seller: User, card: Asset | None, **facts: object) -> None:
    deal = factories.deal(seller, **facts)
    if card is not None:
        use.note_use(deal, [card], use.Use("call"), by=seller, key=f"w{deal.id}", zone="UTC")
    deals.close_won(deal, by=seller)
    db.session.commit()


def test_the_record_is_a_figure_with_its_interval_or_none_at_all(
    sign_in: SignIn, seller: User, marketer: User, card: Asset
) -> None:
    for used in (card, card, None, None):
        won(seller, used)
    address = f"/assets/{card.id}/record"
    assert "dados insuficientes (n = 4)" in sign_in(seller).get(address).text
    won(seller, None)
    text = sign_in(seller).get(address).text
    assert "2 de 5 vitórias" in text
    assert "12–77\u202f%" in text
    assert 'href="/counting#similar"' in text
    assert "parecidas" not in text
    deal = factories.deal(seller)
    text = sign_in(seller).get(f"{address}?deal={deal.id}").text
    assert "2 de 5 vitórias parecidas de dois anos (12–77\u202f%; qualquer setor e porte)" in text


def test_how_often_it_worked_is_told_to_its_keepers_alone(
    sign_in: SignIn, seller: User, marketer: User, card: Asset
) -> None:
    for worked in ("yes", "yes", "yes", "no", "yes"):
        tell(sign_in(factories.user("seller")), card, worked)
    outcomes()[3].note = "Quis desconto mesmo assim"
    db.session.commit()
    address = f"/assets/{card.id}/record"
    kept = sign_in(marketer).get(address).text
    assert "funcionou em 4 de 5" in kept
    assert "Quis desconto mesmo assim" in kept
    seen = sign_in(seller).get(address).text
    assert "funcionou" not in seen
    assert "desconto" not in seen
