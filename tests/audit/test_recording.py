"""An entry exists exactly when its fact does, and says plainly what was decided."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from contentlib.accounts.models import User
from contentlib.audit import Action, differences, record
from contentlib.audit.models import AuditEntry
from contentlib.audit.service import LONGEST_LIST, LONGEST_TEXT, plain
from contentlib.core.db import db
from contentlib.core.surroundings import working
from contentlib.jobs.models import Job
from contentlib.library import taxonomy
from contentlib.library.models import Audience
from tests import factories


def count() -> int:
    return db.session.scalar(select(func.count(AuditEntry.id))) or 0


def test_an_entry_goes_with_the_transaction_of_its_fact(app: Flask, marketer: User) -> None:
    before = count()
    record(Action.ASSET_CREATED, subject=marketer)
    db.session.flush()
    assert count() == before + 1
    db.session.rollback()
    assert count() == before


def test_an_entry_asks_the_worker_to_join_it(app: Flask, marketer: User) -> None:
    entry = record(Action.PERSON_CHANGED, subject=marketer, by=marketer)
    db.session.commit()
    job = db.session.scalars(select(Job).where(Job.key == entry.id)).one()
    assert (job.kind, job.payload) == ("audit.chain", {"entry": entry.id})


def test_outside_of_pages_nobody_acts_unless_somebody_is_named(app: Flask, marketer: User) -> None:
    entry = record(Action.BACKUP_MADE)
    assert (entry.actor_id, entry.surface, entry.subject_kind) == (None, "command", None)
    assert record(Action.BACKUP_MADE, by=marketer).actor_id == marketer.id


def test_the_worker_acts_for_whoever_asked(app: Flask, marketer: User) -> None:
    with working(person_id=marketer.id):
        entry = record(Action.IMPORT_FINISHED)
    assert (entry.actor_id, entry.surface) == (marketer.id, "worker")


def test_details_are_told_plainly(app: Flask, marketer: User) -> None:
    taxonomy.seed()
    stage = taxonomy.get_term(taxonomy.Stage, "proposal")
    assert plain(stage) == "proposal"
    assert plain(marketer) == f"user_account:{marketer.id}"
    assert plain([Audience.INTERNAL, date(2026, 2, 1)]) == ["internal", "2026-02-01"]
    assert plain(datetime(2026, 2, 1, 3, tzinfo=UTC)) == "2026-02-01T03:00:00.000000Z"
    assert plain(2**60) == str(2**60)
    assert plain("\ud800") == "?"
    assert len(plain("x" * 10_000)) == LONGEST_TEXT + 1
    assert len(plain(range(1000))) == LONGEST_LIST + 1


def test_only_what_differs_is_a_difference() -> None:
    before = {"title": "A", "stages": [], "language": "pt"}
    after = {"title": "B", "stages": (), "language": "pt"}
    assert differences(before, after) == {"title": ["A", "B"]}


@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_itself_refuses_to_change_what_is_written(
    app: Flask, marketer: User, table: str, verb: str
) -> None:
    if "TRUNCATE" in verb and db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no such verb")
    entry = record(Action.PERSON_CHANGED, subject=marketer)
    db.session.flush()
    link = {"entry": entry.id, "hash": "0" * 64}
    db.session.execute(text("INSERT INTO audit_link VALUES (1, :entry, :hash, :hash)"), link)
    column = "action" if table == "audit_entry" else "hash"
    with pytest.raises(DatabaseError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(verb.format(table, column)))


def test_a_page_says_who_acted_and_in_which_request(app: Flask, sign_in, admin: User) -> None:
    person = factories.user()
    facts = {"email": person.email, "name": "Other", "role": "seller", "active": "y", "team": ""}
    answer = sign_in(admin).post(f"/admin/people/{person.id}", data=facts)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "person.changed")
    ).one()
    assert (entry.actor_id, entry.surface) == (admin.id, "web")
    assert entry.request_id == answer.headers["X-Request-ID"]
    assert (entry.subject_kind, entry.subject_id) == ("user_account", person.id)
