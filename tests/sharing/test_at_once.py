"""Fifty people open a link at one moment that lets in three: three come in."""

import threading

from flask import Flask
from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.sharing.models import ShareAdmission, ShareLink
from tests import factories
from tests.library.test_tombstones import apart  # noqa: F401 - a database that threads share
from tests.sharing.buyers import buyer, link_to, path_of

PEOPLE, MOST, READERS = 50, 3, 8


def open_at_once(app: Flask, path: str) -> list[int]:
    """Let fifty visitors press the button together, and return what each was answered."""
    together, answers = threading.Barrier(PEOPLE), []

    def one(number: int) -> None:
        browser = buyer(app, f"Mozilla/5.0 ({number})")
        together.wait()
        answers.append(browser.post(path).status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_fifty_at_once_are_no_more_than_three(apart: Flask) -> None:  # noqa: F811
    with apart.app_context():
        by = factories.user("seller")
        link = link_to(factories.asset(), by=by, most_opens=MOST)
        number, path = link.id, path_of(link, "/enter")
        db.session.remove()
    answers = open_at_once(apart, path)
    assert sorted(set(answers)) == [303, 409]
    assert answers.count(303) == MOST
    with apart.app_context():
        assert db.session.get_one(ShareLink, number).opens == MOST
        admitted = select(func.count()).select_from(ShareAdmission)
        assert db.session.scalar(admitted.where(ShareAdmission.link_id == number)) == MOST


def test_nobody_waits_in_vain_who_reads_at_the_same_time(apart: Flask) -> None:  # noqa: F811
    with apart.app_context():
        by = factories.user("seller")
        path = path_of(link_to(factories.asset(), by=by))
        known = by.fs_uniquifier
        db.session.remove()
    together, answers = threading.Barrier(READERS), []

    def one(number: int) -> None:
        browser = buyer(apart, f"Mozilla/5.0 ({number})")
        # Who is signed in was looked up before the page is, which must not get in its way.
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = known, True
        together.wait()
        answers.extend(browser.get(path).status_code for _ in range(5))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * READERS * 5
