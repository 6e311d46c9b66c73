"""The start page tells sellers and managers first who read what they sent."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now, start_of_day
from contentlib.core.db import db
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.sharing.visits import lately
from tests import factories
from tests.sharing.rows import past_visit, sent, visit
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]
TITLE = "Compradores que leram desde ontem"
LITTLE = timedelta(minutes=5)


def test_a_seller_sees_first_who_read_and_how_far(sign_in: SignIn, seller: User) -> None:
    factories.deal(seller, expected_close=firm_today())
    deal = factories.deal(seller, company="Acme")
    ours = sent(seller, factories.asset("Caso Fintech"), deal=deal, ago=timedelta(days=2))
    past_visit(ours.link, [130_000, 1200], ago=LITTLE)
    page = sign_in(seller).get("/").text
    assert "Ana Souza · Acme" in page
    assert "Caso Fintech · 2\xa0min\xa011\xa0s · até a p. 2 de 2 · " in page
    assert f"/deals/{deal.id}/reading" in page
    assert page.index(TITLE) < page.index("Fecham em breve")


def test_what_a_colleague_sent_on_ones_deal_counts_and_what_concerns_others_does_not(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    colleague = factories.user(team="North")
    mine = factories.deal(seller, company="Acme")
    past_visit(sent(colleague, deal=mine).link, [9000], ago=LITTLE)
    other = sent(colleague, deal=factories.deal(colleague), recipient_name="Bruno Lima")
    past_visit(other.link, [9000], ago=LITTLE)
    page = sign_in(seller).get("/").text
    assert "Ana Souza" in page
    assert "Bruno Lima" not in page
    assert TITLE not in sign_in(manager).get("/").text


def test_a_deal_that_went_to_another_team_is_told_of_no_longer(
    sign_in: SignIn, seller: User
) -> None:
    far = factories.user(team="South")
    past_visit(sent(seller, deal=factories.deal(far)).link, [9000], ago=LITTLE)
    assert TITLE not in sign_in(seller).get("/").text


def test_machines_glances_and_the_day_before_yesterday_are_left_out(
    sign_in: SignIn, seller: User
) -> None:
    ours = sent(seller, ago=timedelta(days=9))
    visit(ours.link)
    past_visit(ours.link, [900], ago=LITTLE, visitor="other")
    begun = start_of_day(firm_today() - timedelta(days=1), firm_zone())
    past_visit(ours.link, [9000], ago=now() - begun + LITTLE)
    assert TITLE not in sign_in(seller).get("/").text
    past_visit(ours.link, [9000], ago=now() - begun - LITTLE)
    page = sign_in(seller).get("/").text
    assert f"/links/{ours.link.id}/reading" in page
    assert "2ª visita" in page


def test_five_are_shown_and_all_of_them_are_one_click_away(sign_in: SignIn, seller: User) -> None:
    for number in range(7):
        link = sent(seller, recipient_name=f"Pessoa {number}").link
        past_visit(link, [9000], ago=timedelta(minutes=number + 2))
    browser = sign_in(seller)
    page, whole = browser.get("/").text, browser.get("/?all=readers").text
    assert "e mais 2" in page
    assert [f"Pessoa {number}" in page for number in range(7)] == [True] * 5 + [False] * 2
    assert all(f"Pessoa {number}" in whole for number in range(7))


def test_five_readers_cost_no_more_statements_than_one(seller: User) -> None:
    def cost() -> int:
        db.session.expire_all()
        assert seller.id
        with statements() as asked:
            rows, _total = lately.read_since(seller, now() - timedelta(days=1), 5)
            assert all(row.reader and row.assets[0].asset.title for row in rows)
        return len(asked)

    past_visit(sent(seller, deal=factories.deal(seller, company="Acme")).link, [9000], ago=LITTLE)
    one = cost()
    for number in range(4):
        deal = factories.deal(seller, company=f"Acme {number}")
        past_visit(sent(seller, deal=deal).link, [9000], ago=LITTLE)
    five = cost()
    assert five == one <= 6
