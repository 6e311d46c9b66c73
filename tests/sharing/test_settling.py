"""What follows from a person's reading: evidence, one piece of news, and nothing from machines."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.library.taxonomy import Stage, get_term
from contentlib.notifications.models import Notification
from contentlib.sharing.visits.models import PageTime, Visit, VisitClass, What
from contentlib.sharing.visits.noting import note_hit
from contentlib.sharing.visits.queries import readings_of, uncounted
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent
from tests import factories
from tests.sharing.rows import BROWSER, BY_HAND, Sent, at, report, sent, visit, work

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime.fromisoformat("2026-11-26T12:00:00+00:00"), tick=False) as it:
        yield it


@pytest.fixture
def ours(clock: Any, seller: User) -> Sent:
    deal = factories.deal(seller, company="Acme")
    return sent(seller, factories.asset("Caso Fintech"), factories.asset("Anexo"), deal=deal)


def read(app: Flask, to: Sent, row: Visit, clock: Any, *events: list[Any], until: int) -> None:
    """Let a page report what was read, and then let its reader go."""
    clock.move_to(at(row.started_at, until + 50))
    body = report(row, 0, until, *events, ["e", until])
    assert app.test_client().post(to.address, data=json.dumps(body)).status_code == 204
    clock.shift(timedelta(seconds=61))
    work(app)


def received() -> list[UsageEvent]:
    rows = db.session.scalars(select(UsageEvent).where(UsageEvent.action == Action.RECEIVED))
    return [event for event in rows if not usage.is_retracted(event)]


def news() -> list[Notification]:
    return list(db.session.scalars(select(Notification)))


def test_a_person_who_reads_is_evidence_and_news(app: Flask, ours: Sent, clock: Any) -> None:
    row = visit(ours.link)
    looked = [["s", 1, 1, 300, 4000], ["s", 1, 2, 4000, 6500]]
    read(app, ours, row, clock, *looked, *BY_HAND, until=6500)
    assert (row.visit_class, row.active_ms, row.pages_read) == (VisitClass.HUMAN, 6200, 2)
    assert "input.uneven" in row.reasons
    [event] = received()
    assert event.grade == 4
    assert event.asset_id == ours.places[0].id
    assert event.deal_id == ours.link.deal_id
    assert (event.actor_id, event.share_link_id) == (None, ours.link.id)
    assert event.stage_id == ours.link.deal.stage_id
    [told] = news()
    assert (told.user_id, told.kind) == (ours.link.by_id, "buyer.read")
    assert told.facts == {
        "reader": "Ana Souza",
        "company": "Acme",
        "asset": "Caso Fintech",
        "seconds": 6,
        "furthest": 2,
        "pages": 2,
        "visit": 1,
    }


def test_a_visit_is_told_once_however_long_it_goes_on(app: Flask, ours: Sent, clock: Any) -> None:
    row = visit(ours.link)
    read(app, ours, row, clock, ["s", 1, 1, 0, 4000], *BY_HAND[:4], until=5000)
    for number in range(1, 4):
        clock.shift(timedelta(minutes=5))
        since = (now() - row.started_at) // timedelta(milliseconds=1)
        body = report(row, number, since, ["s", 1, 1, since - 9000, since], ["i", since, "key", 1])
        app.test_client().post(ours.address, data=json.dumps(body))
        clock.shift(timedelta(minutes=1, seconds=1))
        work(app)
    assert len(news()) == len(received()) == 1
    clock.shift(timedelta(minutes=31))
    work(app)
    assert row.judge_at is None
    again = visit(ours.link)
    assert again.id != row.id


def test_long_reading_is_told_before_it_ends(app: Flask, ours: Sent, clock: Any) -> None:
    row = visit(ours.link)
    client = app.test_client()
    for number in range(13):
        start, end = number * 10_000, (number + 1) * 10_000
        clock.move_to(at(row.started_at, end + 40))
        moved = ["i", end - 700 * (number % 3), "wheel", 1]
        body = report(row, number, end, ["s", 1, 1, start, end], moved)
        client.post(ours.address, data=json.dumps(body))
        if number == 8:
            clock.shift(timedelta(seconds=16))
            work(app)
            assert news() == []
    clock.shift(timedelta(seconds=16))
    work(app)
    assert [told.facts["seconds"] for told in news()] == [130]


def test_two_people_reading_at_once_are_two(app: Flask, ours: Sent, clock: Any) -> None:
    other = sent(ours.link.by, ours.places[0], deal=ours.deal, recipient_name="Rui")
    first, second = visit(ours.link), visit(other.link, "another", network="192.0.2.0/24")
    read(app, ours, first, clock, ["s", 1, 1, 0, 5000], *BY_HAND[:4], until=5000)
    read(app, other, second, clock, ["s", 1, 1, 0, 5000], *BY_HAND[:4], until=5000)
    assert len(received()) == 2


def test_what_a_machine_does_is_kept_and_counts_for_nothing(
    app: Flask, ours: Sent, clock: Any
) -> None:
    row = visit(ours.link)
    note_hit(ours.link, What.TRAP, visit=row, facts=BROWSER)
    db.session.commit()
    read(app, ours, row, clock, ["s", 1, 1, 0, 5000], *BY_HAND, until=6000)
    assert row.visit_class is VisitClass.SCANNER
    assert (received(), news()) == ([], [])
    [group] = uncounted([ours.link])
    assert group.reasons[0] == "trap"


def test_a_visit_found_to_be_a_machine_after_all_is_taken_back(
    app: Flask, ours: Sent, clock: Any
) -> None:
    row = visit(ours.link)
    read(app, ours, row, clock, ["s", 1, 1, 0, 5000], *BY_HAND[:4], until=5000)
    assert len(received()) == 1
    note_hit(ours.link, What.TRAP, visit=row, facts=BROWSER)
    db.session.commit()
    clock.shift(timedelta(minutes=2))
    work(app)
    assert row.visit_class is VisitClass.SCANNER
    assert received() == []


@pytest.mark.parametrize(
    ("who", "kind"), [("maker", VisitClass.SELF), ("colleague", VisitClass.INTERNAL)]
)
def test_ones_own_people_are_no_buyers(
    app: Flask, ours: Sent, clock: Any, who: str, kind: VisitClass
) -> None:
    row = visit(ours.link)
    row.user_id = ours.link.by_id if who == "maker" else factories.user().id
    db.session.commit()
    read(app, ours, row, clock, ["s", 1, 1, 0, 5000], *BY_HAND, until=6000)
    assert row.visit_class is kind
    assert (received(), news()) == ([], [])


def test_five_seconds_on_a_phone_held_still_during_the_call_are_a_person(
    app: Flask, seller: User, clock: Any
) -> None:
    now_sent = sent(seller, ago=timedelta(seconds=9))
    row = visit(now_sent.link, agent=PHONE)
    read(app, now_sent, row, clock, ["s", 1, 1, 0, 5000], until=5000)
    assert row.visit_class is VisitClass.HUMAN
    assert len(news()) == 1
    assert news()[0].address == f"/links/{now_sent.link.id}/reading"


def test_a_forwarded_link_is_a_new_person_and_never_the_recipient(
    app: Flask, ours: Sent, clock: Any
) -> None:
    first = visit(ours.link)
    read(app, ours, first, clock, ["s", 1, 1, 0, 5000], *BY_HAND[:4], until=5000)
    other = visit(ours.link, "another", agent=PHONE, network="192.0.2.0/24")
    read(app, ours, other, clock, ["s", 1, 1, 0, 9000], *BY_HAND[:4], until=9000)
    assert [told.facts["reader"] for told in news()] == ["Ana Souza", None]
    readings = readings_of(ours.deal)
    assert [(r.reader, r.active_ms, r.visits) for r in readings] == [
        (None, 9000, 1),
        ("Ana Souza", 5000, 1),
    ]


def test_a_deal_moved_meanwhile_keeps_the_stage_in_which_it_was_read(
    app: Flask, ours: Sent, clock: Any
) -> None:
    row, stage_then = visit(ours.link), ours.link.deal.stage_id
    clock.shift(timedelta(seconds=2))
    deals.move_to_stage(ours.link.deal, get_term(Stage, "closing"), by=ours.link.by)
    db.session.commit()
    read(app, ours, row, clock, ["s", 1, 1, 0, 5000], *BY_HAND[:4], until=5000)
    assert received()[0].stage_id == stage_then


def test_judging_twice_changes_nothing(app: Flask, ours: Sent, clock: Any) -> None:
    row = visit(ours.link)
    read(app, ours, row, clock, ["s", 1, 1, 0, 5000], *BY_HAND[:4], until=5000)
    times = {(t.page, t.active_ms) for t in db.session.scalars(select(PageTime))}
    for _ in range(3):
        clock.shift(timedelta(minutes=20))
        work(app)
    assert {(t.page, t.active_ms) for t in db.session.scalars(select(PageTime))} == times
    assert len(received()) == len(news()) == 1
