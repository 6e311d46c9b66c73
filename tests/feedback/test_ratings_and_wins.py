"""Whether a version helps, and what it did on deals."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.feedback.models import FieldWin, Rating
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Stage, get_term
from tests import factories
from tests.feedback.conftest import TEXT, next_version
from tests.feedback.told import last_news, news_of

SignIn = Callable[[User], FlaskClient]
PART = {"HX-Request": "true"}


def ratings() -> list[tuple[int, bool, str]]:
    rows = db.session.scalars(select(Rating).order_by(Rating.id))
    return [(row.version_id, row.helps, row.reason) for row in rows]


def rate(browser: FlaskClient, asset: Asset, helps: str) -> str:
    address = f"/assets/{asset.id}/feedback/rating"
    return browser.post(address, data={"helps": helps}, headers=PART).text


def explain(browser: FlaskClient, asset: Asset, reason: str, text: str = "") -> int:
    form = {"reason": reason, "text": text}
    return browser.post(f"/assets/{asset.id}/feedback/rating/reason", data=form).status_code


def test_a_person_has_one_opinion_of_a_version_and_may_change_it(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    browser, first = sign_in(seller), asset.published_version_id
    rate(browser, asset, "yes")
    assert explain(browser, asset, "saves_time") == 303
    rate(browser, asset, "yes")
    assert ratings() == [(first, True, "saves_time")]
    rate(browser, asset, "no")
    assert ratings() == [(first, False, "")]
    browser.post(f"/assets/{asset.id}/feedback/rating/take-back", headers=PART)
    assert ratings() == []


def test_each_version_is_rated_by_itself_and_counts_are_told_without_a_score(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    rate(sign_in(seller), asset, "yes")
    text = rate(sign_in(colleague), asset, "no")
    assert "Ajuda 1 pessoa" in text
    assert "Não ajuda 1 pessoa" in text
    next_version(asset, TEXT + "\nAté já.")
    text = rate(sign_in(seller), asset, "no")
    assert "Ajuda 0 pessoas" in text
    assert [helps for _version, helps, _reason in ratings()] == [True, False, False]


def test_reasons_are_read_by_keepers_and_nobody_is_told_whose_they_are(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, owner: User
) -> None:
    rate(sign_in(seller), asset, "no")
    assert explain(sign_in(seller), asset, "unclear", "Frase longa demais") == 303
    text = sign_in(owner).get(f"/assets/{asset.id}/feedback").text
    assert "Frase longa demais" in text
    assert seller.name not in text
    assert "Frase longa demais" not in sign_in(colleague).get(f"/assets/{asset.id}/feedback").text
    export = sign_in(owner).get(f"/assets/{asset.id}/feedback.csv").text
    assert "unclear Frase longa demais" in export
    assert seller.email not in export


@pytest.mark.parametrize("reason", ["saves_time", "nonsense", "x" * 500])
def test_a_reason_is_one_of_those_there_are(
    asset: Asset, sign_in: SignIn, seller: User, reason: str
) -> None:
    rate(sign_in(seller), asset, "no")
    assert explain(sign_in(seller), asset, reason) == 422


def test_a_reason_without_an_opinion_is_for_nothing(
    asset: Asset, sign_in: SignIn, seller: User
) -> None:
    assert explain(sign_in(seller), asset, "clear") == 404


def test_a_win_brings_the_last_step_of_its_deal_along(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    deal = factories.deal(seller, title="Rodonorte", stage="discovery")
    deals.move_to_stage(deal, get_term(Stage, "proposal"), by=seller)
    db.session.commit()
    form = {"text": "Usei esta frase, foi para proposta.", "deal": deal.id, "key": "k"}
    for _ in range(2):
        sign_in(seller).post(f"/assets/{asset.id}/feedback/wins", data=form)
    win = db.session.scalars(select(FieldWin)).one()
    assert (win.stage_before.key, win.stage_after.key) == ("discovery", "proposal")
    assert last_news(owner).facts == {"asset": asset.title, "who": seller.name}
    assert news_of(owner) == ["win.attached"]


def test_who_may_not_see_the_deal_sees_the_win_without_its_name(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User, manager: User
) -> None:
    deal = factories.deal(seller, title="Rodonorte")
    form = {"text": "Moveu o negócio.", "deal": deal.id}
    sign_in(seller).post(f"/assets/{asset.id}/feedback/wins", data=form)
    address = f"/assets/{asset.id}/feedback"
    for person, sees in ((seller, True), (manager, True), (colleague, False)):
        text = sign_in(person).get(address).text
        assert "Moveu o negócio." in text
        assert ("Rodonorte" in text) is sees


def test_a_win_is_told_of_deals_that_one_may_see(
    asset: Asset, sign_in: SignIn, seller: User, colleague: User
) -> None:
    foreign = factories.deal(colleague, title="De outra equipe")
    address = f"/assets/{asset.id}/feedback/wins"
    form = {"text": "Moveu.", "deal": foreign.id}
    assert sign_in(seller).post(address, data=form).status_code == 404
    assert sign_in(seller).post(address, data={"text": "Moveu."}).status_code == 422
    named = {"text": "Moveu.", "deal": "", "deal_text": "De outra"}
    assert sign_in(seller).post(address, data=named).status_code == 422
    assert db.session.scalars(select(FieldWin)).all() == []


def test_without_javascript_the_deal_is_named(asset: Asset, sign_in: SignIn, seller: User) -> None:
    deal = factories.deal(seller, title="Rodonorte")
    factories.deal(seller, title="Rodosul")
    address = f"/assets/{asset.id}/feedback/wins"
    form = {"text": "Moveu.", "deal": "", "deal_text": "Rodo"}
    assert sign_in(seller).post(address, data=form).status_code == 422
    sign_in(seller).post(address, data=form | {"deal_text": "Rodonorte"})
    assert db.session.scalars(select(FieldWin)).one().deal_id == deal.id


def test_its_author_takes_a_win_back_and_nobody_else(
    asset: Asset, sign_in: SignIn, seller: User, owner: User
) -> None:
    deal = factories.deal(seller)
    form = {"text": "Moveu o negócio.", "deal": deal.id}
    sign_in(seller).post(f"/assets/{asset.id}/feedback/wins", data=form)
    win = db.session.scalars(select(FieldWin)).one()
    address = f"/assets/{asset.id}/feedback/wins/{win.id}"
    assert sign_in(owner).post(f"{address}/withdraw").status_code == 404
    sign_in(seller).post(f"{address}/withdraw")
    assert "Moveu o negócio." not in sign_in(owner).get(f"/assets/{asset.id}/feedback").text
    sign_in(seller).post(f"{address}/put-back")
    assert "Moveu o negócio." in sign_in(owner).get(f"/assets/{asset.id}/feedback").text
