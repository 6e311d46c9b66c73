"""Flags: a badge for everybody, a task for the owner, and further down in search until answered."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Conflict, Invalid
from contentlib.feedback import flags, queries
from contentlib.feedback.models import Flag, FlagOutcome
from contentlib.finding import preferences
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.search import Engine, open_engine
from tests import factories
from tests.feedback.conftest import TEXT, next_version
from tests.feedback.told import last_news, news_of
from tests.finding.corpus import add_asset, index_everything
from tests.finding.test_understood import titles

SignIn = Callable[[User], FlaskClient]
PART = {"HX-Request": "true"}
BADGE = "pessoa diz que está desatualizado"


def flag(asset: Asset, by: User, reason: str = "O preço é o de 2024.", **more: object) -> Flag:
    row = flags.raise_flag(
        asset.published_version, reason=reason, by=by, today=firm_today(), **more
    )
    db.session.commit()
    return row


@pytest.fixture
def engine(app: Flask, tmp_path: Path) -> Iterator[Engine]:
    app.extensions["search"] = open_engine(f"whoosh:{tmp_path}/index")
    app.extensions.pop(preferences.KEPT, None)
    yield app.extensions["search"]
    app.extensions.pop("search")
    app.extensions.pop(preferences.KEPT, None)


def test_everybody_sees_the_badge_and_the_owner_has_a_task(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    form = {"reason": "O preço é o de 2024.", "url": "https://firm.example/tabela", "page": "2"}
    address = f"/assets/{asset.id}/feedback"
    answer = sign_in(seller).post(f"{address}/flags", data=form | {"key": "a"}, headers=PART).text
    assert f"1 {BADGE}" in answer
    part = sign_in(colleague).get(address, headers=PART).text
    assert f"1 {BADGE}" in part
    assert 'id="feedback-mark" hx-swap-oob' in part
    assert "https://firm.example/tabela" in part
    assert f"1 {BADGE}" in sign_in(colleague).get(f"{address}/mark", headers=PART).text
    today = sign_in(owner).get("/").text
    assert "Colegas dizem que está desatualizado" in today
    assert "O preço é o de 2024." in today
    assert last_news(owner).facts == {
        "asset": asset.title,
        "who": seller.name,
        "reason": "O preço é o de 2024.",
    }
    assert "O preço é o de 2024." not in sign_in(colleague).get("/").text


def test_the_result_card_says_so_too(
    engine: Engine, sign_in: SignIn, seller: User, marketer: User
) -> None:
    row = add_asset(marketer, "Zarcão azul")
    index_everything(engine)
    browser = sign_in(seller)
    assert BADGE not in browser.get("/search?q=zarcão").text
    mine = flag(row, seller)
    assert f"1 {BADGE}" in browser.get("/search?q=zarcão").text
    assert f"1 {BADGE}" in browser.get("/search").text
    flags.withdraw(mine, by=seller)
    db.session.commit()
    assert BADGE not in browser.get("/search?q=zarcão").text


def test_two_people_put_a_material_further_down_until_their_flags_are_answered(
    engine: Engine, sign_in: SignIn, seller: User, colleague: User, marketer: User
) -> None:
    better = add_asset(marketer, "Zarcão", ("Zarcão zarcão zarcão",))
    add_asset(marketer, "Tinta que resiste", ("Um zarcão",))
    index_everything(engine)

    def found() -> list[str]:
        return titles(sign_in(seller).get("/search?q=zarcão").text)

    usual, demoted = ["Zarcão", "Tinta que resiste"], ["Tinta que resiste", "Zarcão"]
    assert found() == usual
    mine = flag(better, seller)
    flag(better, seller, "E o logotipo também.")
    assert found() == usual, "one person's two flags count once"
    theirs = flag(better, colleague)
    assert found() == demoted
    flags.still_true(theirs, by=marketer, answer="Vale até dezembro.", today=firm_today())
    db.session.commit()
    assert found() == usual
    again = flag(better, colleague)
    assert found() == demoted
    flags.withdraw(again, by=colleague)
    db.session.commit()
    assert found() == usual
    assert mine.resolved_at is None


def test_it_is_so_without_other_preferences_as_well(
    app: Flask,
    engine: Engine,
    sign_in: SignIn,
    seller: User,
    colleague: User,
    marketer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better = add_asset(marketer, "Zarcão", ("Zarcão zarcão zarcão",))
    add_asset(marketer, "Tinta que resiste", ("Um zarcão",))
    index_everything(engine)
    settings = app.extensions["settings"].model_copy(update={"search_boosts": []})
    monkeypatch.setitem(app.extensions, "settings", settings)
    for person in (seller, colleague):
        flag(better, person)
    assert titles(sign_in(seller).get("/search?q=zarcão").text)[0] == "Tinta que resiste"


def test_what_alone_answers_is_found_all_the_same(
    engine: Engine, sign_in: SignIn, seller: User, colleague: User, marketer: User
) -> None:
    row = add_asset(marketer, "Zarcão azul")
    index_everything(engine)
    for person in (seller, colleague):
        flag(row, person)
    text = sign_in(seller).get("/search?q=zarcão").text
    assert titles(text) == ["Zarcão azul"]
    assert "2 pessoas dizem que está desatualizado" in text


def test_flags_on_a_version_that_sellers_never_saw_demote_nothing_and_show_nothing(
    asset: Asset, sign_in: SignIn, owner: User, marketer: User, seller: User
) -> None:
    row = versions.add_script_version(asset, channel="call", text="Segredo", by=owner)
    db.session.flush()
    for person in (owner, marketer):
        flags.raise_flag(row, reason="Segredo errado", by=person, today=firm_today())
    db.session.commit()
    assert queries.doubted() == frozenset()
    text = sign_in(seller).get(f"/assets/{asset.id}/feedback").text
    assert "Segredo errado" not in text
    assert BADGE not in text
    assert "Segredo errado" in sign_in(marketer).get(f"/assets/{asset.id}/feedback").text


def test_the_owner_answers_by_the_version_that_has_it_right(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = flag(asset, seller)
    address = f"/assets/{asset.id}/feedback/flags/{row.id}/resolve"
    refused = sign_in(owner).post(address, data={"version": 1, "answer": "Feito."})
    assert refused.status_code == 409
    next_version(asset, TEXT.replace("dois", "três"))
    sign_in(owner).post(address, data={"version": 2, "answer": "Preço novo."})
    assert (row.outcome, row.fixed_by.number) == (FlagOutcome.FIXED, 2)
    assert news_of(seller) == ["flag.resolved"]
    assert "Colegas dizem" not in sign_in(owner).get("/").text
    text = sign_in(seller).get(f"/assets/{asset.id}/feedback").text
    assert "Certo desde a versão 2" in text
    assert "Preço novo." in text


def test_that_it_is_still_true_takes_a_sentence(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    row = flag(asset, seller)
    address = f"/assets/{asset.id}/feedback/flags/{row.id}/resolve"
    assert sign_in(owner).post(address, data={"version": "", "answer": " "}).status_code == 422
    assert row.resolved_at is None
    sign_in(owner).post(address, data={"version": "", "answer": "Vale até dezembro."})
    assert row.outcome is FlagOutcome.STILL_TRUE


def test_only_its_keepers_answer_a_flag_and_once(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User, manager: User
) -> None:
    row = flag(asset, seller)
    address = f"/assets/{asset.id}/feedback/flags/{row.id}"
    for person in (seller, colleague, manager):
        answer = sign_in(person).post(f"{address}/resolve", data={"answer": "Não"})
        assert answer.status_code == 404
    assert sign_in(colleague).post(f"{address}/withdraw").status_code == 404
    flags.still_true(row, by=owner, answer="Vale.", today=firm_today())
    with pytest.raises(Conflict):
        flags.still_true(row, by=owner, answer="Vale.", today=firm_today())
    with pytest.raises(Conflict):
        flags.withdraw(row, by=seller)


def test_a_manager_who_owns_a_material_has_the_task_and_answers(
    asset: Asset, sign_in: SignIn, seller: User, manager: User
) -> None:
    asset.owner = manager
    row = flag(asset, seller)
    browser = sign_in(manager)
    assert "Colegas dizem que está desatualizado" in browser.get("/").text
    form = {"answer": "Vale até dezembro."}
    browser.post(f"/assets/{asset.id}/feedback/flags/{row.id}/resolve", data=form)
    assert row.outcome is FlagOutcome.STILL_TRUE


def test_nobody_has_a_task_for_what_they_do_not_see(
    asset: Asset, sign_in: SignIn, seller: User, manager: User, owner: User
) -> None:
    asset.owner = manager
    flag(asset, seller)
    asset.valid_until = firm_today() - timedelta(days=1)
    db.session.commit()
    assert "Colegas dizem" not in sign_in(manager).get("/").text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example", "https://a b", "data:text/html,x"]
)
def test_what_shows_it_is_a_whole_address(asset: Asset, seller: User, url: str) -> None:
    with pytest.raises(Invalid):
        flag(asset, seller, proof_url=url)


def test_a_flag_sent_twice_is_raised_once_and_can_be_undone(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    browser = sign_in(seller)
    for _ in range(2):
        answer = browser.post(
            f"/assets/{asset.id}/feedback/flags",
            data={"reason": "Velho", "key": "k"},
            headers=PART,
        )
    row = db.session.scalars(select(Flag)).one()
    undo = f"/assets/{asset.id}/feedback/flags/{row.id}/withdraw"
    assert undo in answer.text
    assert news_of(owner) == ["flag.raised"]
    assert BADGE not in browser.post(undo, headers=PART).text
    assert "Velho" not in sign_in(owner).get(f"/assets/{asset.id}/feedback").text


def test_an_answered_flag_says_by_whom_and_when(asset: Asset, seller: User, owner: User) -> None:
    row = flag(asset, seller)
    flags.still_true(row, by=owner, answer="Vale.", today=firm_today())
    assert row.resolved_by_id == owner.id
    assert now() - row.resolved_at < timedelta(minutes=5)


def test_who_flags_their_own_material_is_told_nothing(asset: Asset, owner: User) -> None:
    row = flag(asset, owner)
    flags.still_true(row, by=owner, answer="Vale.", today=firm_today())
    assert news_of(owner) == []


def test_a_draft_that_is_discarded_takes_its_feedback_along(
    app: Flask, sign_in: SignIn, owner: User
) -> None:
    draft = factories.draft("Rascunho", owner=owner)
    flags.raise_flag(draft.latest_version, reason="Velho", by=owner, today=firm_today())
    db.session.commit()
    service.discard(draft)
    db.session.commit()
    assert db.session.scalars(select(Flag)).all() == []
