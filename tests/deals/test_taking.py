"""Opening, copying and downloading a material, for a deal or for none."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service
from contentlib.deals.models import Deal
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Stage, get_term
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.journeys.steps import upload

SignIn = Callable[[User], FlaskClient]


def events() -> list[UsageEvent]:
    return list(db.session.scalars(select(UsageEvent).order_by(UsageEvent.id)))


@pytest.fixture
def deal(seller: User) -> Deal:
    return factories.deal(seller, title="Piloto Rodonorte", stage="proposal")


@pytest.fixture
def case(deal: Deal, sign_in: SignIn, marketer: User) -> Asset:
    return upload(sign_in(marketer), "Um caso", "O custo do atraso")


def test_opening_copying_and_downloading_are_written_down_once(
    sign_in: SignIn, seller: User, case: Asset
) -> None:
    person = sign_in(seller)
    origin = "search=0190b0a0-0000-7000-8000-000000000000&pos=3"
    for _ in range(2):
        assert person.post(f"/assets/{case.id}/opened?key=a&{origin}").status_code == 204
        assert person.post(f"/assets/{case.id}/copied?part=link").status_code == 204
        assert person.post(f"/assets/{case.id}/download").status_code == 303
    opened, *later = events()
    assert [event.action for event in later] == [Action.COPIED, Action.DOWNLOADED]
    assert (opened.position, opened.asset_version_id) == (3, case.versions[0].id)
    assert {event.deal_id for event in events()} == {None}


def test_what_one_takes_for_a_deal_is_on_it_with_its_stage_at_that_moment(
    sign_in: SignIn, seller: User, deal: Deal, case: Asset
) -> None:
    person, proposal = sign_in(seller), deal.stage_id
    person.post(f"/assets/{case.id}/opened?deal={deal.id}")
    service.move_to_stage(deal, get_term(Stage, "negotiation"), by=seller)
    db.session.commit()
    for _ in range(2):
        person.post(f"/assets/{case.id}/download?deal={deal.id}")
    assert [(event.deal_id, event.stage_id) for event in events()] == [
        (deal.id, proposal),
        (deal.id, deal.stage_id),
    ]
    assert "Um caso" in (page := person.get(f"/deals/{deal.id}").text)
    assert "copiado ou baixado" in page


def test_the_page_of_a_material_carries_its_deal_to_all_that_is_noted_there(
    sign_in: SignIn, seller: User, deal: Deal, case: Asset
) -> None:
    page = sign_in(seller).get(f"/assets/{case.id}?deal={deal.id}").text
    for noted in ("opened", "copied", "download"):
        assert re.search(rf"/assets/{case.id}/{noted}\?[^\"']*\bdeal={deal.id}\b", page)
    assert f"/deals/chip?deal={deal.id}" in page
    assert "deal=" not in sign_in(seller).get(f"/assets/{case.id}").text


def test_a_deal_chosen_on_the_page_comes_before_the_one_of_its_address(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    person, asset, other = sign_in(seller), factories.asset(), factories.deal(seller)
    address = f"/assets/{asset.id}/copied?part=script&deal={deal.id}"
    person.post(address, data={"deal": other.id})
    person.post(address, data={"deal": ""})
    assert [event.deal_id for event in events()] == [other.id, None]


@pytest.mark.parametrize("name", ["foreign", "999999", "9" * 40, "x", "-1", "%00"])
def test_a_deal_that_one_may_not_see_is_none_and_is_not_named(
    sign_in: SignIn, seller: User, name: str
) -> None:
    foreign = factories.deal(factories.user("seller", team="South"), title="Secret deal")
    person, asset = sign_in(seller), factories.asset()
    query = f"deal={foreign.id if name == 'foreign' else name}"
    paths = (f"/assets/{asset.id}", "/deals/chip", "/deals/use", "/deals/fill")
    answers = [person.get(f"{path}?{query}") for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    assert not [answer for answer in answers if "Secret deal" in answer.text]
    assert "chip" not in person.get(f"/deals/chip?{query}").text
    assert person.post(f"/assets/{asset.id}/copied?{query}").status_code == 204
    assert [event.deal_id for event in events()] == [None]


def test_what_is_taken_after_the_close_is_late(sign_in: SignIn, seller: User, deal: Deal) -> None:
    asset = factories.asset()
    service.close_won(deal, by=seller)
    db.session.commit()
    sign_in(seller).post(f"/assets/{asset.id}/opened?deal={deal.id}")
    assert [event.late for event in events()] == [True]
