"""The ledger in memory is the ledger: read once, brought up to date, and never ahead of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, create_engine, select, text

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import UTCDateTime, db, reading
from contentlib.core.instants import Instant, instant, moment_of
from contentlib.usage import ledger, service
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.statements import statements


def note(seller: User, key: str, *, minutes_ago: int = 0) -> UsageEvent:
    asset = factories.asset()
    return service.record(
        Action.SHOWN,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=seller.id,
        idempotency_key=key,
        occurred_at=now() - timedelta(minutes=minutes_ago),
    )


def ids() -> list[int]:
    with reading():
        return ledger.counted().id.tolist()


def test_what_is_known_is_not_read_again(app: Flask, seller: User) -> None:
    first = note(seller, "a")
    assert ids() == [first.id]
    with statements() as asked:
        assert ids() == [first.id]
    assert not [statement for statement in asked if "occurred_at" in statement]
    second = note(seller, "b")
    with statements() as asked:
        assert ids() == [first.id, second.id]
    assert [statement for statement in asked if "occurred_at" in statement]


def test_events_stand_in_the_order_in_which_they_happened(app: Flask, seller: User) -> None:
    late = note(seller, "a")
    assert ids() == [late.id]
    early = note(seller, "b", minutes_ago=30)
    assert ids() == [early.id, late.id]


def test_an_event_taken_back_is_gone_whether_it_was_known_or_not(app: Flask, seller: User) -> None:
    known, unknown, kept = note(seller, "a"), note(seller, "b"), note(seller, "c")
    service.retract(unknown.id, by_id=seller.id)
    assert ids() == [known.id, kept.id]
    service.retract(known.id, by_id=seller.id)
    assert ids() == [kept.id]


def test_what_a_transaction_that_writes_has_seen_is_not_kept(app: Flask, seller: User) -> None:
    undone = note(seller, "undone")
    assert ledger.counted().id.tolist() == [undone.id]
    assert ledger.KEPT not in app.extensions


def test_another_ledger_is_known_by_its_last_event(app: Flask, seller: User) -> None:
    first = note(seller, "a")
    ids()
    of_another = replace(app.extensions[ledger.KEPT], key="z", counted=ledger.NOTHING.counted)
    app.extensions[ledger.KEPT] = of_another
    assert ids() == [first.id]


@pytest.mark.real_part("postgres")
def test_nothing_is_kept_while_somebody_writes_who_may_yet_add_an_earlier_event(
    app: Flask, seller: User
) -> None:
    first = note(seller, "a")
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as writer:
        writer.execute(text("LOCK TABLE usage_event IN ROW EXCLUSIVE MODE"))
        assert ids() == [first.id]
        assert app.extensions[ledger.KEPT].last == 0
    assert ids() == [first.id]
    assert app.extensions[ledger.KEPT].last == first.id
    engine.dispose()


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_microseconds_are_the_moment_itself(moment: datetime) -> None:
    assert moment_of(instant(moment)) == moment


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 7, 1, 2, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 7, 1, 3, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1912, 2, 29, 12, 0, 0, 1, tzinfo=UTC),
    ],
)
def test_the_database_counts_microseconds_as_python_does(app: Flask, moment: datetime) -> None:
    told = select(Instant(bindparam("moment", moment, type_=UTCDateTime())))
    assert db.session.scalar(told) == instant(moment)
