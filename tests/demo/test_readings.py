"""The demo's links were read, and not by people alone."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.demo.readings import add_readings
from contentlib.sharing.visits.models import Visit
from contentlib.usage.models import Action, UsageEvent
from tests.sharing.rows import sent


def test_people_and_machines_came_and_only_people_count(seller: User) -> None:
    for number in range(3):
        sent(seller, ago=timedelta(days=2 + number))
    assert add_readings(Random(1), now=now()) == 8
    classes = sorted(visit.visit_class.value for visit in db.session.scalars(select(Visit)))
    assert classes == ["human"] * 5 + ["preview"] + ["scanner"] * 2
    received = select(UsageEvent).where(UsageEvent.action == Action.RECEIVED)
    assert len(db.session.scalars(received).all()) == 5


def test_nothing_lies_in_the_future(seller: User) -> None:
    sent(seller, ago=timedelta(minutes=30))
    add_readings(Random(1), now=now())
    assert all(visit.last_at <= now() for visit in db.session.scalars(select(Visit)))
