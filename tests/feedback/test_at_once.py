"""The same form arriving twice at the same moment, on real connections of its own."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.feedback import comments, flags, ratings
from contentlib.feedback.models import Comment, Flag, Rating
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion
from contentlib.notifications.models import Notification
from tests import factories
from tests.library.test_tombstones import apart  # noqa: F401 - a fixture

PEOPLE = 6
Say = Callable[[AssetVersion, User], object]


def say(version: AssetVersion, by: User) -> object:
    return comments.say(version, "Oi", by=by, today=firm_today(), key="same")


def flag(version: AssetVersion, by: User) -> object:
    return flags.raise_flag(version, reason="Velho", by=by, today=firm_today(), key="same")


def rate(version: AssetVersion, by: User) -> object:
    return ratings.rate(version, helps=True, by=by)


@pytest.mark.parametrize(
    ("step", "kind", "told"), [(say, Comment, 1), (flag, Flag, 1), (rate, Rating, 0)]
)
def test_a_double_click_says_it_once_and_tells_it_once(
    apart: Flask,  # noqa: F811
    step: Say,
    kind: type,
    told: int,
) -> None:
    with apart.app_context():
        asset = factories.asset()
        version, person = asset.published_version_id, factories.user("seller").id
        db.session.remove()
    together = threading.Barrier(PEOPLE)
    made: list[int] = []

    def one() -> None:
        with apart.app_context():
            together.wait()
            while True:
                try:
                    by = db.session.get_one(User, person)
                    row = step(db.session.get_one(AssetVersion, version), by)
                    number = row.id
                    db.session.commit()
                    made.append(number)
                    return
                except OperationalError:
                    # Another one writes; a browser would send it again.
                    db.session.rollback()

    threads = [threading.Thread(target=one) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with apart.app_context():
        assert len(set(made)) == 1
        assert len(made) == PEOPLE
        assert db.session.scalar(select(func.count()).select_from(kind)) == 1
        assert db.session.scalar(select(func.count(Notification.id))) == told
        db.session.remove()
