"""The dialog over any page: what was heard leads to the words to say, for the deal in hand."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding.models import SearchLog
from contentlib.library.models import Asset, Status
from contentlib.search import Engine, open_engine
from contentlib.usage.models import UsageEvent
from tests import factories
from tests.finding.corpus import add_asset, days_from_now, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def card(engine: Engine, marketer: User) -> Asset:
    """A library with an answer, a script, a case and what nobody should find."""
    card = add_asset(marketer, "“Cabe no orçamento?”", type="objection", answer="Quanto custa?")
    version = card.published_version
    assert version is not None
    version.body = dict(version.body or {}) | {
        "heard_as": ["está caro", "já uso o concorrente Rotamax", "não temos verbas"],
        "question": "E se coubesse?",
    }
    add_asset(marketer, "Ligação sobre preços caros", type="script", script="Oi, {{empresa}}.")
    add_asset(marketer, "Caso caro", ("Capa",))
    add_asset(marketer, "Caro rascunho", type="objection", answer="x", status=Status.DRAFT)
    old = days_from_now(-1)
    add_asset(marketer, "Caro vencido", type="objection", answer="x", valid_until=old)
    db.session.commit()
    index_everything(engine)
    return card


def groups(browser: FlaskClient, typed: str, **headers: str) -> dict[str, list[str]]:
    """Return the groups of lines that are proposed, as people read them."""
    text = browser.get("/palette", query_string={"q": typed}, headers=headers).text
    found = re.findall(r'group-title" id="[\w-]+">(.*?)</span>(.*?)</div>', text, re.DOTALL)
    return {
        title: [
            re.sub("<[^>]+>", "", line)
            for line in re.findall(r'suggestion-label">(.*?)</span>', lines)
        ]
        for title, lines in found
    }


@pytest.mark.parametrize(
    "heard",
    [
        "está caro",
        "ESTA CARO",
        "esta car",
        "ja uso o concorrente rotamax",
        "concorrentes",
        "nao temos verba",
        "verbas",
        "concorente rotamax",
        "orçamentos",
    ],
)
def test_an_answer_is_found_by_every_way_it_is_heard(
    sign_in: SignIn, seller: User, card: Asset, heard: str
) -> None:
    found = groups(sign_in(seller), heard)
    assert next(iter(found)) == "Respostas"
    assert found["Respostas"][0] == card.title


def test_answers_come_before_scripts_pages_deals_and_materials(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    factories.deal(seller, title="Caro Amigo Transportes")
    found = groups(sign_in(seller), "caro")
    assert list(found) == ["Respostas", "Scripts", "Negócios", "Materiais", "Fazer"]
    assert found["Respostas"] == [card.title]
    assert found["Materiais"] == ["Caso caro"]
    assert "Registrar um uso" in found["Fazer"]
    pages = groups(sign_in(seller), "neg")["Ir para"]
    assert pages[0] == "Negócios"
    assert re.fullmatch(r"Nov[oa]: Negócio", pages[1])


def test_pages_that_a_person_may_not_open_are_not_proposed(
    sign_in: SignIn, seller: User, admin: User, card: Asset
) -> None:
    assert groups(sign_in(admin), "auditoria")["Ir para"] == ["Auditoria"]
    assert "Ir para" not in groups(sign_in(seller), "auditoria")


def test_the_deals_of_another_team_are_not_proposed_nor_in_hand(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    browser = sign_in(seller)
    for address in (f"http://localhost/deals/{foreign.id}", f"http://localhost/?deal={foreign.id}"):
        answer = browser.get("/palette?q=secret", headers={"HX-Current-URL": address})
        assert "Secret deal" not in answer.text
        assert f"deal={foreign.id}" not in answer.text
    page = browser.get(f"/palette/{card.id}?deal={foreign.id}").text
    assert f"deal={foreign.id}" not in page


def test_the_deal_of_the_page_goes_along_and_its_stage_is_answered_before_a_word(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    deal = factories.deal(seller, stage="proposal", company="Vértice")
    browser = sign_in(seller)
    for address in (
        f"http://localhost/deals/{deal.id}",
        f"http://localhost/assets/1?deal={deal.id}",
    ):
        text = browser.get("/palette?q=", headers={"HX-Current-URL": address}).text
        assert "Vértice · Proposta" in text
        assert card.title in text
        assert f"/palette/{card.id}?deal={deal.id}" in text
    assert "Respostas" not in groups(browser, "")


def test_the_card_has_the_words_of_every_channel_and_the_deal_on_each_copy(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    deal = factories.deal(seller)
    text = sign_in(seller).get(f"/palette/{card.id}?deal={deal.id}").text
    assert re.search(r'id="palette-answer">Quanto custa\?</p>', text)
    assert re.search(
        r'id="palette-whatsapp" dir="auto">Quanto custa\?\n\nE se coubesse\?</div>', text
    )
    assert "“está caro”" in text
    for part in ("answer", "whatsapp", "email"):
        assert f"/assets/{card.id}/copied?part={part}&amp;deal={deal.id}" in text


def test_a_card_that_one_may_not_see_or_that_is_none_is_absent(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    hidden = db.session.scalars(
        select(Asset.id).where(Asset.title.in_(["Caro rascunho", "Caro vencido"]))
    )
    case = db.session.scalars(select(Asset.id).where(Asset.title == "Caso caro")).one()
    for asset_id in [*hidden, case, 999_999]:
        assert sign_in(seller).get(f"/palette/{asset_id}").status_code == 404


def test_without_an_index_it_still_answers_roughly(
    sign_in: SignIn, seller: User, card: Asset, app: Flask, tmp_path: Path
) -> None:
    app.extensions["search"] = open_engine(f"whoosh:{tmp_path}/never-built")
    assert groups(sign_in(seller), "orçamento")["Respostas"] == [card.title]


def test_proposing_writes_nothing_and_hostile_words_are_words(
    sign_in: SignIn, seller: User, card: Asset
) -> None:
    browser = sign_in(seller)
    for typed in ("<script>alert(1)</script>", "\x00", "%" * 300, "'; drop table", "“" * 50, "*"):
        answer = browser.get("/palette", query_string={"q": typed})
        assert answer.status_code == 200
        assert "<script" not in answer.text
    assert list(db.session.scalars(select(SearchLog))) == []
    assert list(db.session.scalars(select(UsageEvent))) == []
