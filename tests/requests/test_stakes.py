"""What is at stake: each open deal once, and of no deal that one may not see."""

from collections.abc import Callable
from random import Random

from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Outcome
from contentlib.requests import service, working
from contentlib.requests.models import ContentRequest
from contentlib.requests.stakes import Sum, stake_of_all, stakes
from tests import factories

SignIn = Callable[[User], FlaskClient]


def by_hand(viewer: User, named: set[tuple[int, int]], known: dict[int, Deal]) -> dict[str, Sum]:
    """Add up the distinct open deals that a person may see."""
    found: dict[str, Sum] = {}
    for deal in {known[deal_id] for _request, deal_id in named}:
        mine = viewer.role != "seller" or viewer.team_id == deal.team_id
        if deal.outcome is Outcome.OPEN and mine:
            before = found.get(deal.currency, Sum(deal.currency, 0, 0))
            found[deal.currency] = Sum(
                deal.currency, before.amount + deal.amount_minor, before.deals + 1
            )
    return found


def test_the_sums_equal_those_by_hand_whatever_is_named_twice(
    app: Flask, manager: User, marketer: User
) -> None:
    dice = Random(11)
    people = [factories.user("seller", team=team) for team in ("North", "North", "South")]
    known = {}
    for person in people:
        for currency in ("BRL", "BRL", "USD"):
            deal = factories.deal(person, dice.randrange(1, 10**8), currency=currency)
            known[deal.id] = deal
    rows = [service.ask(title=f"Pedido {number}", by=people[0]) for number in range(5)]
    named: set[tuple[int, int]] = set()
    for _ in range(60):
        row, person = dice.choice(rows), dice.choice(people)
        deal = dice.choice([one for one in known.values() if one.team_id == person.team_id])
        service.join(row, by=person, deal=deal)
        named.add((row.id, deal.id))
    for deal in list(known.values())[::3]:
        deals.close_won(deal, by=None)
    db.session.commit()
    for viewer in (*people, manager, marketer):
        told = stakes(viewer, rows)
        for row in rows:
            of_it = {pair for pair in named if pair[0] == row.id}
            sums = {one.currency: one for one in told.get(row.id, [])}
            assert sums == by_hand(viewer, of_it, known)
        assert {one.currency: one for one in stake_of_all(viewer)} == by_hand(viewer, named, known)


def test_an_answered_request_has_no_part_in_what_is_at_stake(
    app: Flask, seller: User, marketer: User
) -> None:
    deal = factories.deal(seller, 5_000_00)
    row = service.ask(title="Um caso", by=seller, deal=deal)
    assert stake_of_all(marketer) == [Sum("BRL", 5_000_00, 1)]
    service.decline(row, by=marketer, reason="Não.")
    assert stake_of_all(marketer) == []


def test_merging_counts_a_deal_once_and_leaving_takes_it_away(
    app: Flask, seller: User, marketer: User
) -> None:
    other = factories.user("seller", team="North")
    deal = factories.deal(seller, 5_000_00)
    rows = [service.ask(title=f"Um caso {n}", by=seller, deal=deal) for n in (1, 2)]
    service.join(rows[0], by=other, deal=deal)
    working.merge(rows[0], rows[1], by=marketer)
    assert stakes(marketer, rows) == {rows[1].id: [Sum("BRL", 5_000_00, 1)]}
    second = factories.deal(other, 100_00)
    service.join(rows[1], by=other, deal=second)
    service.leave(rows[1], by=other)
    assert stakes(marketer, rows) == {rows[1].id: [Sum("BRL", 5_000_00, 1)]}


def test_no_page_tells_a_seller_of_the_value_or_name_of_a_hidden_deal(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    theirs = factories.user("seller", team="South")
    deal = factories.deal(theirs, 777_777_00, title="Segredo do sul")
    row = service.ask(title="Caso de sucesso", by=theirs, deal=deal)
    db.session.commit()
    pages = ("/requests?show=open", "/requests?show=open&view=board", f"/requests/{row.id}")
    for path in pages:
        text = sign_in(seller).get(path).text
        assert "Caso de sucesso" in text
        assert "777.777" not in text
        assert "Segredo" not in text
        assert "777.777" in sign_in(marketer).get(path).text


def test_a_joiner_adds_the_value_of_their_own_deal_only(sign_in: SignIn, seller: User) -> None:
    theirs = factories.user("seller", team="South")
    hidden = factories.deal(theirs, 777_00)
    row = service.ask(title="Caso de sucesso", by=theirs)
    db.session.commit()
    sign_in(seller).post(f"/requests/{row.id}/join", data={"deal": hidden.id})
    kept = db.session.get_one(ContentRequest, row.id)
    assert len(kept.waiting) == 2
    assert kept.named == []
    mine = factories.deal(seller, 5_000_00)
    for _ in range(2):
        sign_in(seller).post(f"/requests/{row.id}/join", data={"deal": mine.id})
    assert [one.deal_id for one in kept.named] == [mine.id]
    assert "5.000" in sign_in(seller).get(f"/requests/{row.id}").text
