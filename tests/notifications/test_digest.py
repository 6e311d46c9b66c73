"""The daily letter: one a day at eight where its reader is, with what they have not seen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.jobs.models import Job, JobState
from contentlib.notifications import service
from contentlib.notifications.models import How
from contentlib.notifications.mornings import next_morning
from tests.notifications.telling import html, news, plain, work
from tests.real.smtp import Ways

Clock = time_machine.Traveller
pytestmark = pytest.mark.usefixtures("clock")

ZONE = "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("moment", "zone", "morning"),
    [
        ("2026-11-27T15:00:00", ZONE, "2026-11-28T11:00:00"),
        ("2026-11-28T10:59:59", ZONE, "2026-11-28T11:00:00"),
        ("2026-11-28T11:00:00", ZONE, "2026-11-29T11:00:00"),
        ("2026-11-28T01:00:00", ZONE, "2026-11-28T11:00:00"),
        ("2026-11-27T23:30:00", "Asia/Tokyo", "2026-11-28T23:00:00"),
        # The clocks of Lisbon go forward in the night.
        ("2026-03-28T12:00:00", "Europe/Lisbon", "2026-03-29T07:00:00"),
    ],
)
def test_the_next_morning_is_where_the_reader_is(moment: str, zone: str, morning: str) -> None:
    at, then = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (moment, morning))
    assert next_morning(at, zone) == then


def test_a_days_news_is_one_letter_in_the_morning(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    told = [news(seller, "request.comment", who=f"Pessoa {n}") for n in range(3)]
    seen = news(seller, "request.comment", who="Vista")
    service.mark_seen(seen)
    db.session.commit()
    work(app)
    assert mail.came == []
    clock.move_to(datetime(2026, 11, 28, 10, 59, tzinfo=UTC))
    work(app)
    assert mail.came == []
    clock.shift(timedelta(minutes=2))
    work(app)
    (came,) = mail.taken
    assert came["Subject"] == "3 novidades que você ainda não viu"
    assert came["Message-ID"] == f"<digest-{seller.id}-20261128T1100@firm.example>"
    for number in range(3):
        assert f"Pessoa {number} comentou o pedido" in plain(came)
        assert f"Pessoa {number} comentou o pedido" in html(came)
    assert "Vista" not in plain(came)
    assert (
        plain(came)
        .replace("\xa0", " ")
        .startswith(
            "* Pessoa 0 comentou o pedido “Caso de frete” (27 nov, 12:00)\n"
            f"  http://localhost/deals/1?news={told[0].id}#reading\n\n* Pessoa 1"
        )
    )
    assert "/counting" not in plain(came) + html(came)
    assert all(one.mailed_at for one in told)
    clock.shift(timedelta(days=2))
    work(app)
    assert len(mail.came) == 1


def test_a_day_without_unseen_news_has_no_letter(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    service.mark_seen(news(seller, "request.comment"))
    db.session.commit()
    clock.shift(timedelta(days=1))
    work(app)
    assert mail.connections == 0


def test_the_daily_letter_waits_for_its_server_and_comes_once(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    mail.says["HELLO"] = "421 not now"
    news(seller, "request.comment")
    clock.move_to(datetime(2026, 11, 28, 11, 1, tzinfo=UTC))
    work(app)
    later = news(seller, "request.comment", who="Depois")
    del mail.says["HELLO"]
    clock.shift(timedelta(hours=1))
    work(app)
    (came,) = mail.taken
    assert "Depois" not in plain(came)
    clock.shift(timedelta(days=1))
    work(app)
    assert ["Depois" in plain(message) for message in mail.taken] == [False, True]
    assert later.mailed_at is not None


def test_a_kind_that_comes_at_once_is_not_in_the_daily_letter(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    news(seller, "buyer.read")
    news(seller, "request.comment")
    work(app)
    clock.shift(timedelta(days=1))
    work(app)
    assert [message["Subject"][:6] for message in mail.taken] == ["Ana So", "1 novi"]


def test_what_waits_for_the_morning_comes_at_once_when_that_is_wanted(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    news(seller, "request.comment")
    clock.shift(timedelta(minutes=1))
    service.choose_ways(seller, {"request.comment": How.INSTANT})
    db.session.commit()
    work(app)
    assert len(mail.taken) == 1
    clock.shift(timedelta(days=1))
    work(app)
    assert len(mail.came) == 1


def test_what_was_to_come_at_once_waits_for_the_morning_when_that_is_wanted(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    news(seller, "buyer.read")
    clock.shift(timedelta(minutes=1))
    service.choose_ways(seller, {"buyer.read": How.DIGEST})
    db.session.commit()
    work(app)
    assert mail.came == []
    clock.shift(timedelta(days=1))
    work(app)
    assert [message["Subject"] for message in mail.taken] == ["1 novidade que você ainda não viu"]


def test_a_long_day_is_told_in_part_and_as_a_whole_on_the_page(
    app: Flask, mail: Ways, clock: Clock, seller: User
) -> None:
    for number in range(53):
        news(seller, "request.comment", who=f"Pessoa {number:02}")
    clock.shift(timedelta(days=1))
    work(app)
    (came,) = mail.taken
    assert "Pessoa 49" in plain(came)
    assert "Pessoa 50" not in plain(came)
    assert "E mais 3: http://localhost/notifications" in plain(came)
    waiting = select(Job).where(Job.kind == service.DIGEST, Job.state != JobState.DONE)
    assert db.session.scalars(waiting).all() == []
