"""Whoever forgot their password gets a link by e-mail, where e-mail is set up."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.audit.models import AuditEntry
from contentlib.core.db import db
from contentlib.jobs.models import Job
from contentlib.notifications.service import LETTER
from tests.notifications.telling import plain, work
from tests.real.smtp import Ways

PAGE = "/sign-in/reset"
SAID = "um link está a caminho"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-27T15:00:00+00:00", tick=False) as traveller:
        yield traveller


def ask(client: FlaskClient, email: str) -> str:
    answer = client.post(PAGE, data={"email": email}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_link_comes_by_mail_and_sets_a_password_once(
    app: Flask, client: FlaskClient, mail: Ways, seller: User
) -> None:
    assert 'name="email"' in client.get(PAGE).text
    assert SAID in ask(client, seller.email)
    work(app)
    (came,) = mail.taken
    assert came["To"] == seller.email
    found = re.search(r"http://localhost(/sign-in/reset/\S+)", plain(came))
    assert found is not None
    chosen = {"password": "another horse", "password_confirm": "another horse"}
    assert client.post(found[1], data=chosen).status_code == 302
    assert seller.password
    again = client.post(found[1], data=chosen, follow_redirects=True)
    assert "já foi usado" in again.text
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert actions.count(Action.LINK_MADE) == actions.count(Action.PASSWORD_SET) == 1


def test_the_link_is_not_kept_once_it_has_gone(
    app: Flask, client: FlaskClient, mail: Ways, seller: User
) -> None:
    ask(client, seller.email)
    work(app)
    job = db.session.scalars(select(Job).where(Job.kind == LETTER)).one()
    assert PAGE not in str(job.payload)


def test_nobody_learns_who_has_an_address_here(
    app: Flask, client: FlaskClient, mail: Ways, seller: User
) -> None:
    seller.active = False
    db.session.commit()
    for email in ("nobody@firm.example", seller.email, "not an address"):
        assert SAID in ask(client, email)
    work(app)
    assert mail.came == []


def test_nobody_fills_the_mailbox_of_another(
    app: Flask,
    client: FlaskClient,
    mail: Ways,
    seller: User,
    clock: time_machine.Traveller,
) -> None:
    for _ in range(5):
        ask(client, seller.email)
        work(app)
    assert len(mail.taken) == 1
    clock.shift(timedelta(minutes=11))
    ask(client, seller.email)
    work(app)
    assert len(mail.taken) == 2


def test_without_mail_an_admin_makes_the_link(
    app: Flask, client: FlaskClient, seller: User
) -> None:
    assert "a um administrador desta instalação" in client.get(PAGE).text
    ask(client, seller.email)
    assert db.session.scalars(select(Job).where(Job.kind == LETTER)).all() == []
