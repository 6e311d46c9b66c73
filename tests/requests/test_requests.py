import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library import service as library
from contentlib.requests import service
from contentlib.requests.models import ContentRequest, State
from tests import factories

SignIn = Callable[[User], FlaskClient]
ASKED = "Caso de sucesso em logística"


@pytest.fixture
def asked(seller: User) -> ContentRequest:
    factories.asset("Da biblioteca")
    row = service.ask(
        title=ASKED, by=seller, words="caso logistica", note="Para o CFO.\nAté sexta."
    )
    db.session.commit()
    return row


@pytest.fixture
def colleague() -> User:
    return factories.user("seller", team="South", name="Caio Sul")


def test_a_search_in_vain_leads_to_a_request_with_all_that_was_asked(
    sign_in: SignIn, seller: User
) -> None:
    factories.asset("Da biblioteca")
    deal = factories.deal(seller, title="Piloto no Tucano")
    browser = sign_in(seller)
    page = browser.get(f"/search?q=xyzzy+frete&stage=proposal&type=video&deal={deal.id}").text
    link = re.search(r'href="(/requests/new[^"]+)"', page)
    assert link
    assert "Pedir ao marketing" in page
    form = browser.get(link[1].replace("&amp;", "&")).text
    assert form.count('value="xyzzy frete"') >= 2
    assert "Piloto no Tucano" in form
    assert re.search(r'<input checked[^>]*name="stage"[^>]*value="proposal"', form)
    assert re.search(r'<option selected value="video"', form)
    answer = browser.post(
        "/requests",
        data={
            "title": "Vídeo sobre frete",
            "words": "xyzzy frete",
            "note": "Para mostrar.",
            "stage": ["proposal"],
            "type": "video",
            "deal": deal.id,
        },
    )
    assert answer.location == "/requests?show=mine"
    row = db.session.query(ContentRequest).one()
    assert (row.title, row.words, row.deal_id) == ("Vídeo sobre frete", "xyzzy frete", deal.id)
    assert row.filters == {"stage": ["proposal"], "type": ["video"]}
    mine = browser.get("/requests?show=mine").text
    for words in ("Vídeo sobre frete", "xyzzy frete", "Piloto no Tucano", "pedido por você"):
        assert words in mine


@pytest.mark.parametrize("title", ["", "  ", "\u200b", "x" * 201])
def test_without_a_title_nothing_is_asked_and_nothing_typed_is_lost(
    sign_in: SignIn, seller: User, title: str
) -> None:
    answer = sign_in(seller).post("/requests", data={"title": title, "note": "Para sexta"})
    assert answer.status_code == 422
    assert "Para sexta" in answer.text
    assert db.session.query(ContentRequest).count() == 0


def test_a_hidden_deal_is_left_out(sign_in: SignIn, seller: User, colleague: User) -> None:
    deal = factories.deal(colleague, title="Segredo do sul")
    browser = sign_in(seller)
    assert "Segredo do sul" not in browser.get(f"/requests/new?deal={deal.id}").text
    browser.post("/requests", data={"title": "Um caso", "deal": deal.id})
    assert db.session.query(ContentRequest).one().deal_id is None


def test_what_was_asked_already_is_offered_to_join(
    sign_in: SignIn, colleague: User, asked: ContentRequest
) -> None:
    browser = sign_in(colleague)
    for address in ("/requests/new?words=casos+logística", "/requests/similar?title=sucesso+caso"):
        text = browser.get(address).text
        assert ASKED in text
        assert "Também preciso" in text
    assert ASKED not in browser.get("/requests/similar?title=tabela+de+frete").text
    for _ in range(2):
        browser.post(f"/requests/{asked.id}/join")
    assert {one.user_id for one in asked.waiting} == {asked.asked_by_id, colleague.id}
    assert "2 pessoas esperando" in browser.get("/requests?show=mine").text
    assert "Você já está esperando" in browser.get("/requests/similar?title=sucesso+caso").text
    browser.post(f"/requests/{asked.id}/leave")
    assert "2 pessoas" not in browser.get("/requests?show=open").text


def test_who_asked_stays(sign_in: SignIn, seller: User, asked: ContentRequest) -> None:
    assert sign_in(seller).post(f"/requests/{asked.id}/leave").status_code == 409


def test_sellers_see_open_requests_without_names_and_deals_of_others(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    asked.deal_id = factories.deal(seller, title="Só do norte").id
    db.session.commit()
    theirs = sign_in(colleague).get("/requests?show=open").text
    assert ASKED in theirs
    assert "pedido por um colega" in theirs
    assert seller.name not in theirs
    assert "Só do norte" not in theirs
    for person in (seller, marketer):
        assert "Só do norte" in sign_in(person).get("/requests?show=open").text
    assert seller.name in sign_in(marketer).get("/requests").text


def test_an_answer_is_for_those_who_wait(
    sign_in: SignIn, seller: User, colleague: User, manager: User, marketer: User
) -> None:
    row = service.ask(title="Só para quem pediu", by=seller)
    service.join(row, by=manager)
    service.decline(row, by=marketer, reason="Já existe outro.")
    db.session.commit()
    for person in (seller, manager):
        for tab in ("mine", "answered"):
            assert "Já existe outro." in sign_in(person).get(f"/requests?show={tab}").text
    for tab in ("open", "mine", "answered"):
        assert "Só para quem pediu" not in sign_in(colleague).get(f"/requests?show={tab}").text
    assert sign_in(colleague).post(f"/requests/{row.id}/join").status_code == 404
    assert sign_in(manager).post(f"/requests/{row.id}/leave").status_code == 409
    assert "Só para quem pediu" in sign_in(marketer).get("/requests?show=answered").text


def test_marketing_accepts_and_delivers_and_the_asker_is_told_until_they_look(
    sign_in: SignIn, seller: User, marketer: User, asked: ContentRequest
) -> None:
    assert ASKED in sign_in(marketer).get("/").text
    browser = sign_in(marketer)
    browser.post(f"/requests/{asked.id}/accept")
    assert asked.state is State.ACCEPTED
    assert "Pedidos novos" not in browser.get("/").text
    asset = factories.asset("Caso Rodonorte")
    assert "Qual material" in browser.get(f"/requests/{asked.id}/answer").text
    form = {"asset": asset.id, "answer": "Veja a página 2."}
    answer = browser.post(
        f"/requests/{asked.id}/deliver", data=form, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"] == f"/requests/{asked.id}"
    theirs = sign_in(seller)
    assert "O marketing respondeu" in theirs.get("/").text
    page = theirs.get("/requests").text
    assert f"/assets/{asset.id}" in page
    assert "Veja a página 2." in page
    assert "O marketing respondeu" in theirs.get("/").text, "reading writes nothing"
    assert theirs.post("/requests/seen").status_code == 204
    assert "O marketing respondeu" not in theirs.get("/").text
    library.archive(asset)
    db.session.commit()
    page = theirs.get("/requests").text
    assert f"/assets/{asset.id}" not in page
    assert "Caso Rodonorte" not in page
    assert "não está mais publicado" in page


def test_an_old_answer_is_told_no_more(sign_in: SignIn, seller: User, marketer: User) -> None:
    row = service.ask(title="Antigo", by=seller)
    service.decline(row, by=marketer, reason="Não.")
    row.decided_at = now() - timedelta(days=15)
    db.session.commit()
    assert "Antigo" not in sign_in(seller).get("/").text


@pytest.mark.parametrize("title", ["draft", "expired", "nothing"])
def test_only_what_sellers_may_open_is_delivered(
    sign_in: SignIn, marketer: User, asked: ContentRequest, title: str
) -> None:
    asset = factories.draft("Rascunho") if title == "draft" else factories.asset("Vencido")
    if title == "expired":
        asset.valid_until = asset.created_at.date() - timedelta(days=3)
        db.session.commit()
    number = "x" if title == "nothing" else asset.id
    answer = sign_in(marketer).post(f"/requests/{asked.id}/deliver", data={"asset": number})
    assert answer.status_code == 422
    assert db.session.get(ContentRequest, asked.id).state is State.NEW


def test_a_refusal_needs_its_reason(sign_in: SignIn, marketer: User, asked: ContentRequest) -> None:
    browser = sign_in(marketer)
    assert "Por que não?" in browser.get(f"/requests/{asked.id}/answer?as=decline").text
    for reason in ("", " ", "\u200b"):
        refused = browser.post(f"/requests/{asked.id}/decline", data={"reason": reason})
        assert refused.status_code == 422
    browser.post(f"/requests/{asked.id}/decline", data={"reason": "Use o caso Orla."})
    assert (asked.state, asked.answer) == (State.DECLINED, "Use o caso Orla.")


@pytest.mark.parametrize("verb", ["accept", "deliver", "decline", "join"])
def test_what_was_answered_stays_answered(
    sign_in: SignIn, marketer: User, asked: ContentRequest, verb: str
) -> None:
    service.decline(asked, by=marketer, reason="Não.")
    db.session.commit()
    form = {"asset": factories.asset("Outro").id, "reason": "Sim."}
    answer = sign_in(marketer).post(f"/requests/{asked.id}/{verb}", data=form)
    assert answer.status_code == 409
    assert asked.answer == "Não."


@pytest.mark.parametrize("verb", ["accept", "deliver", "decline"])
def test_only_marketing_answers(
    sign_in: SignIn, seller: User, manager: User, asked: ContentRequest, verb: str
) -> None:
    for person in (seller, manager):
        assert sign_in(person).post(f"/requests/{asked.id}/{verb}").status_code == 404
        assert f"/requests/{asked.id}/accept" not in sign_in(person).get("/requests?show=open").text


def test_what_most_wait_for_stands_first(
    sign_in: SignIn, seller: User, colleague: User, marketer: User, asked: ContentRequest
) -> None:
    wanted = service.ask(title="Mais esperado", by=seller)
    service.join(wanted, by=colleague)
    db.session.commit()
    page = sign_in(marketer).get("/requests").text
    assert page.index("Mais esperado") < page.index(ASKED)


def test_words_of_an_attacker_stay_words(sign_in: SignIn, seller: User, marketer: User) -> None:
    evil = "<script>alert(1)</script>"
    sign_in(seller).post("/requests", data={"title": evil, "note": evil, "words": evil})
    for address in ("/requests", "/", "/requests/new?words=script"):
        assert evil not in sign_in(marketer).get(address).text


def test_empty_lists_teach_the_next_step(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    for tab, words in (
        ("open", "Ninguém está esperando"),
        ("mine", "Você ainda não pediu nada"),
        ("answered", "Nada respondido ainda"),
        ("nonsense&page=99", "Você ainda não pediu nada"),
    ):
        assert words in browser.get(f"/requests?show={tab}").text
