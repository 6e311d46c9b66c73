"""A use is written once, counts once, is never changed, and can be taken back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Conflict, Invalid
from contentlib.usage import queries, service
from contentlib.usage.models import Action, Grade, UsageEvent
from tests import factories


def note(seller: User, key: str = "k", action: Action = Action.COPIED, **facts: object):
    asset = facts.pop("asset", None) or factories.asset()
    return service.record(
        action,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=seller.id,
        idempotency_key=key,
        **facts,
    )


def count() -> int:
    return db.session.scalar(queries.counting(func.count(UsageEvent.id))) or 0


def test_the_grade_follows_from_what_was_done(app: Flask, seller: User) -> None:
    assert note(seller).grade == Grade.TAKEN
    assert note(seller, "other", Action.SHOWN).grade == Grade.SENT


def test_the_same_key_twice_is_one_event(app: Flask, seller: User) -> None:
    assert note(seller) is note(seller)
    assert count() == 1


def test_the_same_use_noted_twice_within_two_minutes_is_one(app: Flask, seller: User) -> None:
    asset, moment = factories.asset(), now() - timedelta(hours=1)
    first = note(seller, "a", asset=asset, occurred_at=moment)
    assert note(seller, "b", asset=asset, occurred_at=moment + timedelta(seconds=90)) is first
    later = note(seller, "c", asset=asset, occurred_at=moment + timedelta(minutes=3))
    assert later is not first


def test_a_page_seen_again_without_its_deal_is_no_second_opening(app: Flask, seller: User) -> None:
    asset, on = factories.asset(), service.OnDeal(factories.deal(seller).id, None)
    first = note(seller, "a", Action.OPENED, asset=asset, on=on)
    assert note(seller, "b", Action.OPENED, asset=asset) is first
    assert note(seller, "c", asset=asset, on=on) is not note(seller, "d", asset=asset)
    other = service.OnDeal(factories.deal(seller).id, None)
    assert note(seller, "e", Action.OPENED, asset=asset, on=other) is not first


def test_a_use_in_the_future_is_refused(app: Flask, seller: User) -> None:
    with pytest.raises(Invalid, match="future"):
        note(seller, occurred_at=now() + timedelta(days=1))


def test_a_use_taken_back_counts_no_more_but_stays(app: Flask, seller: User) -> None:
    event = note(seller)
    service.retract(event.id, by_id=seller.id)
    service.retract(event.id, by_id=seller.id)
    assert count() == 0
    assert db.session.scalar(select(func.count(UsageEvent.id))) == 1


def test_after_taking_it_back_the_use_can_be_noted_again(app: Flask, seller: User) -> None:
    asset = factories.asset()
    event = note(seller, "a", asset=asset)
    service.retract(event.id, by_id=seller.id)
    assert note(seller, "b", asset=asset) is not event
    assert count() == 1


def test_nobody_takes_back_the_use_of_another(app: Flask, seller: User, admin: User) -> None:
    event = note(seller)
    with pytest.raises(Conflict):
        service.retract(event.id, by_id=admin.id)


@pytest.mark.parametrize("change", ["UPDATE usage_event SET grade = 5", "DELETE FROM usage_event"])
def test_the_database_itself_refuses_to_change_the_ledger(
    app: Flask, seller: User, change: str
) -> None:
    note(seller)
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(change))
