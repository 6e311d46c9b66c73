"""A deal's way to its outcome is written down as it happens and never rewritten."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Absent, Conflict, Invalid
from contentlib.deals import outcomes, queries, service
from contentlib.deals.models import DealChange, Outcome, Retro
from contentlib.library.taxonomy import Stage, get_term
from tests import factories


def move(deal, key: str, days_ago: float) -> None:
    moment = now() - timedelta(days=days_ago)
    service.move_to_stage(deal, get_term(Stage, key), by=deal.owner, entered_at=moment)


def test_the_stage_of_a_use_is_the_one_at_that_moment(app: Flask, seller: User) -> None:
    deal = factories.deal(seller)
    move(deal, "negotiation", 5)
    move(deal, "proposal", 2)
    stages = [
        db.session.get(Stage, queries.stage_at(deal, now() - timedelta(days=days))).key
        for days in (99, 7, 3, 0)
    ]
    assert stages == ["proposal", "proposal", "negotiation", "proposal"]


def test_a_lost_deal_tells_why(app: Flask, seller: User) -> None:
    deal = factories.deal(seller)
    service.close_lost(deal, by=seller, reason=outcomes.get_loss_reason("Preço"))
    assert (deal.outcome, deal.loss_reason.key) == (Outcome.LOST, "price")


def test_a_deal_is_closed_once(app: Flask, seller: User) -> None:
    deal = factories.deal(seller)
    service.close_won(deal, by=seller)
    with pytest.raises(Conflict):
        service.close_won(deal, by=seller)
    with pytest.raises(Conflict, match="re-open"):
        move(deal, "closing", 0)


def test_no_deal_closes_before_it_opened_or_in_the_future(app: Flask, seller: User) -> None:
    deal = factories.deal(seller)
    for moment in (deal.opened_at - timedelta(days=1), now() + timedelta(days=1)):
        with pytest.raises(Invalid):
            service.close_won(deal, by=seller, closed_at=moment)


def test_re_opening_voids_the_retro_and_keeps_the_history(app: Flask, seller: User) -> None:
    deal = factories.deal(seller)
    service.close_won(deal, by=seller)
    db.session.add(Retro(deal_id=deal.id, outcome=Outcome.WON))
    db.session.flush()
    assert queries.valid_retro(deal) is not None
    service.reopen(deal, by=seller)
    assert queries.valid_retro(deal) is None
    changes = db.session.execute(select(DealChange.old, DealChange.new).order_by(DealChange.id))
    assert [tuple(row) for row in changes] == [("open", "won"), ("won", "open")]


def test_each_changed_fact_leaves_its_trace(app: Flask, seller: User) -> None:
    deal = factories.deal(seller, 100_00)
    service.change_deal(deal, by=seller, amount_minor=250_00, title=deal.title)
    (change,) = db.session.scalars(select(DealChange))
    assert (change.field, change.old, change.new) == ("amount_minor", "10000", "25000")


@given(amount=st.one_of(st.integers(max_value=-1), st.integers(min_value=10**15 + 1)))
def test_negative_and_astronomic_amounts_are_refused(amount: int) -> None:
    with pytest.raises(Invalid):
        service.possible_amount(amount)


def test_a_seller_sees_the_deals_of_the_own_team_only(app: Flask, seller: User) -> None:
    mine = factories.deal(seller)
    foreign = factories.deal(factories.user("seller", team="South"))
    assert queries.get_deal(seller, mine.id) is mine
    with pytest.raises(Absent):
        queries.get_deal(seller, foreign.id)
    assert foreign not in queries.suggestions(seller, foreign.title)


def test_a_use_recorded_after_the_close_is_late_whenever_it_happened(
    app: Flask, seller: User
) -> None:
    deal = factories.deal(seller)
    service.close_won(deal, by=seller, closed_at=now() - timedelta(days=1))
    facts = queries.on_deal(
        deal, occurred_at=now() - timedelta(days=3), recorded_at=now() + timedelta(seconds=1)
    )
    assert facts.late


def test_names_around_a_deal_hold_no_hidden_characters(app: Flask, seller: User) -> None:
    deal = factories.deal(seller, title="Rota \u202eSul\x07", company="Acme\u200b")
    contact = service.add_contact(deal.company, name="\u2066Bia\u2069\nReis")
    assert (deal.title, deal.company.name, contact.name) == ("Rota Sul", "Acme", "Bia Reis")
