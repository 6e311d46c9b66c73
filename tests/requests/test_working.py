"""A request on its way: its page, states, comments, assignment, merging, and who is told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.audit.models import AuditEntry
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Retro
from contentlib.deals.retros import answers
from contentlib.deals.retros.answers import Answers
from contentlib.library.models import Status
from contentlib.notifications.models import Notification
from contentlib.requests import queries, service, working
from contentlib.requests.models import ContentRequest, State
from tests import factories

SignIn = Callable[[User], FlaskClient]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def asked(seller: User) -> ContentRequest:
    row = service.ask(title="Caso de sucesso em logística", by=seller)
    db.session.commit()
    return row


@pytest.fixture
def colleague() -> User:
    return factories.user("seller", team="South", name="Caio Sul")


def told(user: User) -> list[tuple[str, object]]:
    rows = db.session.scalars(
        select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    )
    named = {"request.state": "state", "request.comment": "who"}
    named |= {"request.delivered": "asset", "request.declined": "reason"}
    return [(row.kind, row.facts[named[row.kind]]) for row in rows]


def test_a_request_goes_its_way_and_everybody_who_waits_is_told_once(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    service.join(asked, by=colleague)
    browser = sign_in(marketer)
    for state in ("accepted", "production", "production", "review"):
        browser.post(f"/requests/{asked.id}/move", data={"state": state})
    asset = factories.asset("Caso Rodonorte")
    browser.post(f"/requests/{asked.id}/deliver", data={"asset": asset.id})
    assert [step.state for step in asked.steps] == [
        State.NEW, State.ACCEPTED, State.PRODUCTION, State.REVIEW, State.DELIVERED,
    ]  # fmt: skip
    wanted = [("request.state", state) for state in ("accepted", "production", "review")]
    for person in (seller, colleague):
        assert told(person) == [*wanted, ("request.delivered", "Caso Rodonorte")]
    assert told(marketer) == []


def test_the_delivered_material_is_used_on_ones_own_deal(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    theirs = factories.deal(colleague)
    service.join(asked, by=colleague, deal=theirs)
    asset = factories.asset("Caso Rodonorte")
    service.deliver(asked, asset, by=marketer)
    db.session.commit()
    page = sign_in(colleague).get(f"/requests/{asked.id}").text
    assert "Usar no seu negócio" in page
    assert f"/deals/use?asset={asset.id}&amp;deal={theirs.id}" in page
    assert f"deal={theirs.id}" not in sign_in(seller).get(f"/requests/{asked.id}").text


def test_what_asks_back_stands_still_until_who_asked_answers(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    service.join(asked, by=colleague)
    working.move(asked, State.PRODUCTION, by=marketer)
    db.session.commit()
    browser = sign_in(marketer)
    form = {"state": "waiting", "question": " "}
    assert browser.post(f"/requests/{asked.id}/move", data=form).status_code == 422
    browser.post(f"/requests/{asked.id}/move", data=form | {"question": "Qual setor?"})
    assert asked.state is State.WAITING
    assert "Prazo parado" in browser.get(f"/requests/{asked.id}").text
    assert "Qual setor?" in sign_in(seller).get(f"/requests/{asked.id}").text
    sign_in(colleague).post(f"/requests/{asked.id}/comment", data={"text": "Tanto faz"})
    assert asked.state is State.WAITING, "only who was asked answers"
    sign_in(seller).post(f"/requests/{asked.id}/comment", data={"text": "Varejo"})
    assert asked.state is State.PRODUCTION
    kinds = [kind for kind, _fact in told(seller)]
    assert kinds == ["request.state", "request.comment", "request.comment"]


def test_comments_are_for_those_who_see_the_request_and_reach_those_who_wait(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    sign_in(marketer).post(f"/requests/{asked.id}/assign", data={"person": marketer.id})
    refused = sign_in(colleague).post(f"/requests/{asked.id}/comment", data={"text": " "})
    assert refused.status_code == 422
    sign_in(colleague).post(f"/requests/{asked.id}/comment", data={"text": EVIL})
    for person in (seller, marketer):
        assert told(person) == [("request.comment", "Caio Sul")]
    page = sign_in(seller).get(f"/requests/{asked.id}").text
    assert EVIL not in page
    assert "Caio Sul" in page
    service.decline(asked, by=marketer, reason="Não.")
    db.session.commit()
    form = {"text": "E agora?"}
    assert sign_in(colleague).post(f"/requests/{asked.id}/comment", data=form).status_code == 404
    assert sign_in(colleague).get(f"/requests/{asked.id}").status_code == 404
    assert sign_in(seller).post(f"/requests/{asked.id}/comment", data=form).status_code == 303


def test_duplicates_are_merged_with_their_people_deals_and_words(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    deal = factories.deal(colleague)
    other = service.ask(title="Caso de logística", by=colleague, deal=deal)
    service.join(other, by=seller)
    working.comment(other, "Para o CFO.", by=colleague)
    db.session.commit()
    browser = sign_in(marketer)
    dialog = browser.get(f"/requests/{other.id}/answer?as=merge").text
    assert f'value="{asked.id}"' in dialog
    browser.post(f"/requests/{other.id}/merge", data={"into": asked.id})
    assert (other.state, other.merged_into_id) == (State.MERGED, asked.id)
    assert {one.user_id for one in asked.waiting} == {seller.id, colleague.id}
    assert [one.deal_id for one in asked.named] == [deal.id]
    for person in (seller, colleague, marketer):
        moved = sign_in(person).get(f"/requests/{other.id}")
        assert moved.location == f"/requests/{asked.id}"
        assert "Para o CFO." in sign_in(person).get(f"/requests/{asked.id}").text
    assert told(colleague) == [("request.state", "merged")]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == Action.REQUEST_MERGED)
    ).one()
    assert entry.told["into"] == f"content_request:{asked.id}"
    for verb in ("merge", "accept", "decline"):
        form = {"into": asked.id, "reason": "x"}
        assert browser.post(f"/requests/{other.id}/{verb}", data=form).status_code == 409
    assert browser.post(f"/requests/{asked.id}/merge", data={"into": asked.id}).status_code == 422
    assert queries.counts(marketer) == {"open": 1, "mine": 0, "answered": 0}


def test_a_chain_of_merges_leads_to_its_end(sign_in: SignIn, seller: User, marketer: User) -> None:
    first, second, third = (service.ask(title=f"Caso {n}", by=seller) for n in "abc")
    working.merge(first, second, by=marketer)
    working.merge(second, third, by=marketer)
    db.session.commit()
    assert sign_in(seller).get(f"/requests/{first.id}").location == f"/requests/{third.id}"


def test_work_is_given_to_people_of_marketing_who_are_told(
    sign_in: SignIn, seller: User, marketer: User, asked: ContentRequest
) -> None:
    other = factories.user("marketer", name="Marina Prado")
    browser = sign_in(marketer)
    for person in (seller, factories.user("manager")):
        form = {"person": person.id}
        assert browser.post(f"/requests/{asked.id}/assign", data=form).status_code == 422
    browser.post(f"/requests/{asked.id}/assign", data={"person": other.id})
    assert asked.assigned_to_id == other.id
    assert told(other) == [("request.state", "assigned")]
    assert "Marina Prado" not in sign_in(seller).get(f"/requests/{asked.id}").text
    browser.post(f"/requests/{asked.id}/assign", data={"person": ""})
    assert asked.assigned_to_id is None


def test_a_draft_is_seen_by_those_who_make_it_only(
    sign_in: SignIn, seller: User, marketer: User, asked: ContentRequest
) -> None:
    draft = factories.draft("Rascunho secreto")
    sign_in(marketer).post(f"/requests/{asked.id}/draft", data={"asset": draft.id})
    assert asked.draft_id == draft.id
    assert draft.status is Status.DRAFT
    assert "Rascunho secreto" in sign_in(marketer).get(f"/requests/{asked.id}").text
    assert "Rascunho secreto" not in sign_in(seller).get(f"/requests/{asked.id}").text
    form = {"asset": 10**9}
    assert sign_in(marketer).post(f"/requests/{asked.id}/draft", data=form).status_code == 422


@pytest.mark.parametrize("verb", ["move", "assign", "draft", "merge"])
def test_only_marketing_works_on_requests(
    sign_in: SignIn, seller: User, manager: User, asked: ContentRequest, verb: str
) -> None:
    for person in (seller, manager):
        assert sign_in(person).post(f"/requests/{asked.id}/{verb}").status_code == 404
        page = sign_in(person).get(f"/requests/{asked.id}").text
        assert f"/requests/{asked.id}/{verb}" not in page


@pytest.mark.parametrize("state", ["", "new", "delivered", "declined", "merged", "nonsense"])
def test_a_request_moves_nowhere_else(
    sign_in: SignIn, marketer: User, asked: ContentRequest, state: str
) -> None:
    answer = sign_in(marketer).post(f"/requests/{asked.id}/move", data={"state": state})
    assert answer.status_code == 422
    assert asked.state is State.NEW


def test_the_clock_stands_on_every_card_in_words(
    sign_in: SignIn, marketer: User, asked: ContentRequest
) -> None:
    asked.steps[0].at = asked.asked_at = now() - timedelta(days=30)
    db.session.commit()
    for path in ("/requests", "/requests?view=board", f"/requests/{asked.id}"):
        text = sign_in(marketer).get(path).text
        assert "Atrasado há" in text
        assert "dias úteis" in text
    service.accept(asked, by=marketer)
    db.session.commit()
    assert re.search(r"faltam (9|10) dias úteis", sign_in(marketer).get("/requests").text)


def test_the_board_moves_a_card_and_stays(
    sign_in: SignIn, seller: User, marketer: User, asked: ContentRequest
) -> None:
    browser = sign_in(marketer)
    board = browser.get("/requests?show=open&view=board").text
    assert 'name="state" value="production"' in board
    form = {"state": "production", "back": "board"}
    answer = browser.post(f"/requests/{asked.id}/move", data=form)
    assert answer.location == "/requests?show=open&view=board"
    theirs = sign_in(seller).get("/requests?show=open&view=board").text
    assert asked.title in theirs
    assert "/move" not in theirs


def missed(seller: User, text: str) -> int:
    deal = factories.deal(seller, 84_000_00, title="Piloto no Tucano")
    deals.close_won(deal, by=seller)
    retro = answers.answer(deal, Answers({}, missing=text), by=seller)
    db.session.commit()
    return retro.id


def test_what_a_retro_missed_becomes_a_draft_and_then_a_request(
    sign_in: SignIn, seller: User, colleague: User
) -> None:
    number = missed(seller, "Vídeo curto do produto\nPara mostrar ao diretor.")
    browser = sign_in(seller)
    assert "Vídeo curto do produto" in browser.get("/requests?show=mine").text
    assert "Vídeo curto" not in sign_in(colleague).get("/requests?show=mine").text
    form = browser.get(f"/requests/new?retro={number}").text
    assert 'value="Vídeo curto do produto"' in form
    assert "Para mostrar ao diretor." in form
    assert "Piloto no Tucano" in form
    assert 'name="stage"' in form
    sent = {"title": "Vídeo curto do produto", "retro": number, "stage": ["proposal"]}
    browser.post("/requests", data=sent)
    row = db.session.scalars(select(ContentRequest)).one()
    assert (row.retro_id, row.title) == (number, "Vídeo curto do produto")
    assert "Rascunhos" not in browser.get("/requests?show=mine").text
    assert browser.get(f"/requests/new?retro={number}").status_code == 404


def test_a_draft_can_be_dropped_and_is_nobody_elses(
    sign_in: SignIn, seller: User, colleague: User
) -> None:
    number = missed(seller, EVIL)
    for path in (f"/requests/new?retro={number}", "/requests/new?retro=x", "/requests/new?retro=0"):
        assert EVIL not in sign_in(colleague).get(path).text
    address = f"/requests/drafts/{number}/drop"
    assert sign_in(colleague).post(address).status_code == 404
    browser = sign_in(seller)
    assert EVIL not in browser.get("/requests?show=mine").text
    browser.post(address)
    assert "Rascunhos" not in browser.get("/requests?show=mine").text
    assert browser.post(address).status_code == 404


def test_a_draft_changes_and_goes_with_the_answer_it_came_from(
    sign_in: SignIn, seller: User
) -> None:
    number = missed(seller, "Um vídeo")
    deal = db.session.get_one(Retro, number).deal_id
    browser, mine = sign_in(seller), "/requests?show=mine"
    browser.post(f"/deals/{deal}/retro", data={"missing": "Um filme"})
    assert "Um filme" in browser.get(mine).text
    assert "Um vídeo" not in browser.get(mine).text
    deals.reopen(db.session.get_one(Deal, deal), by=seller)
    db.session.commit()
    assert "Um filme" not in browser.get(mine).text
