"""Who came in, whose door was tried, who changed the lock."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

from contentlib.accounts import entering
from contentlib.accounts.entering import network_of
from contentlib.accounts.invitations import one_time_link
from contentlib.accounts.models import User
from contentlib.audit.models import AuditEntry
from contentlib.core.db import db
from tests import factories

PASSWORD = "correct horse battery"


@pytest.fixture
def person(app: Flask) -> User:
    user = factories.user()
    user.password = hash_password(PASSWORD)
    db.session.commit()
    return user


def entries(action: str) -> list[tuple[int | None, int | None, dict[str, Any]]]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action))
    return [(row.actor_id, row.subject_id, json.loads(row.details)) for row in rows]


def enter(client: FlaskClient, email: str, password: str) -> int:
    answer = client.post("/sign-in", data={"email": email, "password": password})
    db.session.rollback()
    return answer.status_code


def test_coming_in_is_written_down_with_a_shortened_address(
    client: FlaskClient, person: User
) -> None:
    assert enter(client, person.email, PASSWORD) == 302
    assert entries("person.signed_in") == [(person.id, person.id, {"network": "127.0.0.0/24"})]
    assert entries("person.sign_in_failed") == []


def test_a_door_that_was_tried_is_written_down(client: FlaskClient, person: User) -> None:
    assert enter(client, person.email, "wrong") == 200
    assert entries("person.sign_in_failed") == [(None, person.id, {"network": "127.0.0.0/24"})]


def test_of_an_address_that_nobody_has_nothing_is_kept(client: FlaskClient, person: User) -> None:
    assert enter(client, "stranger@nowhere.example", "hunter2") == 200
    assert entries("person.sign_in_failed") == [(None, None, {"network": "127.0.0.0/24"})]
    whole = db.session.scalars(select(AuditEntry.details)).all()
    assert not any("stranger" in text or "hunter2" in text for text in whole)


def test_doors_tried_by_the_hundred_fill_no_database(
    client: FlaskClient, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "MOST_FAILURES", 2)
    for _ in range(4):
        enter(client, person.email, "wrong")
    assert len(entries("person.sign_in_failed")) == 2


def test_a_password_set_by_a_link_is_written_down(client: FlaskClient, person: User) -> None:
    with client.application.test_request_context():
        link = one_time_link(person)
    db.session.commit()
    fresh = "another horse battery"
    client.post(link, data={"password": fresh, "password_confirm": fresh})
    db.session.rollback()
    assert entries("person.link_made") == [(None, person.id, {})]
    assert entries("person.password_set") == [(person.id, person.id, {"by_link": True})]
    assert entries("person.signed_in") == []


def test_a_changed_password_is_written_down_once(app: Flask, sign_in: Any, person: User) -> None:
    fresh = "another horse battery"
    words = {"password": PASSWORD, "new_password": fresh, "new_password_confirm": fresh}
    assert sign_in(person).post("/me/password", data=words).status_code == 302
    db.session.rollback()
    assert entries("person.password_set") == [(person.id, person.id, {"by_link": False})]
    assert entries("person.signed_in") == []


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("nonsense", None),
        (None, None),
    ],
)
def test_an_address_is_kept_as_its_network(address: str | None, network: str | None) -> None:
    assert network_of(address) == network
