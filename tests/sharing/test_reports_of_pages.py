"""What pages report is taken in once, whatever comes, and what cannot be true is not taken in."""

import json
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.sharing.visits import taking
from contentlib.sharing.visits.gathering import judged, load
from contentlib.sharing.visits.models import Beacon, Refusal, Visit
from tests import factories
from tests.sharing.rows import Sent, at, report, sent, visit
from tests.sharing.test_reading_time import oracle

LOOK = ["s", 1, 1, 0, 3000]


@pytest.fixture
def ours(seller: User) -> Sent:
    return sent(seller, factories.asset("Caso"), factories.asset("Proposta"))


def send(client: FlaskClient, to: Sent, body: Any) -> int:
    return client.post(to.address, data=json.dumps(body)).status_code


def kept(row: Visit) -> int:
    count = select(func.count()).select_from(Beacon).where(Beacon.visit_id == row.id)
    return db.session.scalar(count) or 0


def test_a_report_is_kept_once_however_often_it_comes(client: FlaskClient, ours: Sent) -> None:
    row = visit(ours.link)
    with time_machine.travel(at(row.started_at, 3100), tick=False):
        first = send(client, ours, report(row, 0, 3000, LOOK))
        again = send(client, ours, report(row, 0, 3000, LOOK, ["e", 3000]))
    assert (first, again) == (204, 204)
    assert kept(row) == 1


def test_a_visit_of_another_link_or_none_does_not_exist(
    client: FlaskClient, ours: Sent, seller: User
) -> None:
    row, other = visit(ours.link), sent(seller)
    assert send(client, other, report(row, 0, 0)) == 404
    assert send(client, ours, {"visit": "nobody", "number": 0, "now": 0, "events": []}) == 404
    assert send(client, ours, {"visit": ["x"], "number": 0, "now": 0, "events": []}) == 404
    assert client.post("/s/unknown/seen", data=json.dumps(report(row, 0, 0))).status_code == 404
    assert kept(row) == 0


def test_another_site_reports_nothing(client: FlaskClient, ours: Sent) -> None:
    row = visit(ours.link)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    body = json.dumps(report(row, 0, 0))
    assert client.post(ours.address, data=body, headers=foreign).status_code == 404
    assert kept(row) == 0


ABSURD: dict[str, dict[str, Any]] = {
    "time": {"events": [["s", 1, 1, 5, 3]]},
    "future": {"now": 10**9},
    "page": {"events": [["s", 1, 9999, 0, 5]]},
    "shape": {"events": [["x", 1]]},
    "size": {"events": [LOOK] * 101},
    "number": {"number": -1},
    "now": {"now": 1.5},
}


@pytest.mark.parametrize("reason", ABSURD)
def test_what_cannot_be_true_is_refused_and_counted(
    client: FlaskClient, ours: Sent, reason: str
) -> None:
    row = visit(ours.link)
    with time_machine.travel(at(row.started_at, 3100), tick=False):
        lie = report(row, 0, 3000, LOOK) | ABSURD[reason]
        assert [send(client, ours, lie) for _ in range(2)] == [422, 422]
    refusal = db.session.scalars(select(Refusal).where(Refusal.visit_id == row.id)).one()
    assert (refusal.reason, refusal.times) == (reason, 2)
    assert kept(row) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"[" * 9000, b'{"visit": 1e999}'])
def test_what_is_no_report_breaks_nothing(client: FlaskClient, ours: Sent, body: bytes) -> None:
    assert client.post(ours.address, data=body).status_code in (404, 422)


def test_a_large_report_is_not_even_read(client: FlaskClient, ours: Sent) -> None:
    assert client.post(ours.address, data=b"x" * 20_000).status_code == 413


def test_a_flood_of_reports_is_stopped(client: FlaskClient, ours: Sent) -> None:
    row = visit(ours.link)
    row.reports = taking.AT_ONCE + 1
    db.session.commit()
    with time_machine.travel(row.started_at, tick=False):
        assert send(client, ours, report(row, 0, 0)) == 429


def lies(row: Visit, chance: random.Random, arrived: int) -> list[dict[str, Any]]:
    """Return reports that nobody's page sent, of every kind."""
    whole = report(row, chance.randrange(2**31), arrived, ["s", 1, 1, 0, arrived])
    return [
        whole | {"visit": "forged"},
        whole | {"now": arrived + 10_000_000},
        whole | {"number": 2**31},
        whole | {"number": "0"},
        whole | {"events": [["s", 7, 1, 0, arrived]]},
        whole | {"events": [["s", 1, 1, 0, arrived + 1]]},
        whole | {"events": [["s", 1, 1, -5, arrived]]},
        whole | {"events": [["i", 0, "telepathy", 1]]},
        whole | {"events": "all"},
        {"visit": row.key},
    ]


@pytest.mark.slow
def test_ten_thousand_forged_repeated_reordered_and_absurd_reports_change_nothing(
    app: Flask, ours: Sent
) -> None:
    chance, client = random.Random(5), app.test_client()
    visits = [visit(ours.link, f"device {n}") for n in range(4)]
    # Read once: after each request the rows would be loaded anew.
    started = {row.id: row.started_at for row in visits}
    began = max(started.values())
    true: dict[int, dict[int, dict[str, Any]]] = {row.id: {} for row in visits}
    sendings: list[tuple[int, int, dict[str, Any], bool]] = []
    for row in visits:
        end = 0
        for number in range(40):
            start, end = end, end + chance.randint(100, 1500)
            events: list[list[Any]] = [
                ["s", chance.randint(1, 2), chance.randint(1, 5), start, end]
            ]
            if number % 3 == 0:
                events.append(["i", end, "wheel", 1])
            body = report(row, number, end, *events)
            arrivals = sorted(end + chance.randint(20, 30_000) for _ in range(40))
            sendings += [(arrived, row.id, body, True) for arrived in arrivals]
        for _ in range(90):
            arrived = chance.randint(100, 60_000)
            sendings += [(arrived, row.id, lie, False) for lie in lies(row, chance, arrived)]
    sendings.sort(key=lambda sending: sending[0])
    assert len(sendings) >= 10_000
    answers: Counter[tuple[bool, int]] = Counter()
    with time_machine.travel(began, tick=False) as clock:
        for arrived, visit_id, body, is_true in sendings:
            clock.move_to(began + timedelta(milliseconds=arrived))
            answers[is_true, send(client, ours, body)] += 1
            if is_true:
                since = (now() - started[visit_id]) // timedelta(milliseconds=1)
                true[visit_id].setdefault(body["number"], body | {"arrived": since})
    assert answers[True, 204] == 6400
    assert set(answers) == {(True, 204), (False, 404), (False, 422)}
    for one in judged(load(true)):
        assert one.reading.pages == oracle(true[one.visit.id])
        assert one.reading.reports == 40
