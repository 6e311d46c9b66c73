"""A script's fields are filled in from a deal as far as the deal knows them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import merging, service
from contentlib.deals.models import Deal
from contentlib.library import versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.service import publish
from contentlib.library.taxonomy import Persona, get_term
from tests import factories

SignIn = Callable[[User], FlaskClient]
FIELDS = ("contato.nome", "empresa", "vendedor.nome", "dor.principal")


@pytest.fixture
def deal(seller: User) -> Deal:
    """A deal with two people, the second of whom decides."""
    row = factories.deal(seller, company="Vértice <b>", competitor="RotaMax")
    people = [
        service.add_contact(row.company, name="Paulo Reis", persona=None),
        service.add_contact(
            row.company, name="Ana Souza", persona=get_term(Persona, "economic_buyer")
        ),
    ]
    service.change_deal(row, by=seller, contacts=people)
    db.session.commit()
    return row


@pytest.fixture
def script(marketer: User) -> Asset:
    row = factories.draft("Retomada", owner=marketer)
    text = "Oi, {{contato.nome}}, como vai a {{empresa}}? {{dor.principal}} {{vendedor.nome}}"
    versions.add_script_version(row, channel="whatsapp", text=text, by=marketer)
    publish(row, by=marketer, today=firm_today())
    db.session.commit()
    return row


def test_a_deal_fills_in_what_it_knows_and_leaves_the_rest(deal: Deal, seller: User) -> None:
    values = merging.values_of(FIELDS, sender=seller, deal=deal, person=deal.contacts[0])
    assert values == {
        "contato.nome": "Paulo",
        "empresa": "Vértice <b>",
        "vendedor.nome": seller.name,
    }


def test_people_are_also_known_by_their_part_and_names_by_any_spelling(
    deal: Deal, seller: User
) -> None:
    fields = ("Decisor.Nome", "contato.técnico", "COMPETITOR", "contact.name")
    values = merging.values_of(fields, sender=seller, deal=deal, person=deal.contacts[0])
    assert values == {"Decisor.Nome": "Ana", "COMPETITOR": "RotaMax", "contact.name": "Paulo"}


def test_without_a_deal_only_who_writes_is_known(seller: User) -> None:
    values = merging.values_of(FIELDS, sender=seller, deal=None, person=None)
    assert values == {"vendedor.nome": seller.name}
    assert not merging.knows_any(("vendedor.nome", "dor.principal"))
    assert merging.knows_any(("dor.principal", "empresa"))


def test_a_person_of_the_deal_is_chosen_and_no_other(
    sign_in: SignIn, seller: User, deal: Deal
) -> None:
    browser, (_paulo, ana) = sign_in(seller), sorted(deal.contacts, key=lambda one: one.id)
    address = f"/deals/fill?field=contato.nome&deal={deal.id}"
    assert '"contato.nome": "Paulo"' in told(browser, address)
    assert '"contato.nome": "Ana"' in told(browser, f"{address}&person={ana.id}")
    assert '"contato.nome": "Paulo"' in told(browser, f"{address}&person=999999")


def test_a_deal_that_one_may_not_see_fills_in_nothing(sign_in: SignIn, deal: Deal) -> None:
    stranger = sign_in(factories.user("seller", team="South"))
    answer = stranger.get(f"/deals/fill?field=empresa&deal={deal.id}")
    assert answer.text == stranger.get("/deals/fill?field=empresa&deal=999999").text
    assert deal.title not in answer.text


def test_a_script_opened_from_a_deal_is_filled_in_from_it(
    sign_in: SignIn, seller: User, deal: Deal, script: Asset
) -> None:
    browser = sign_in(seller)
    page = browser.get(f"/assets/{script.id}?deal={deal.id}").text
    assert "/deals/fill?field=contato.nome&amp;field=empresa" in page
    assert f"/deals/use?asset={script.id}&amp;deal={deal.id}" in page
    assert "deal=" not in browser.get(f"/assets/{script.id}").text


def told(browser: FlaskClient, address: str) -> str:
    """Return a fragment with its quotation marks as they reach the script."""
    return browser.get(address).text.replace("&#34;", '"')
