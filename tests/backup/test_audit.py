"""The audit chain goes along with a backup: whole, whatever database and key it comes to."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

from contentlib.audit import Action, record, sealing
from contentlib.audit.models import AuditEntry, AuditLink
from contentlib.audit.verifying import Verdict, verify
from contentlib.core.db import db
from contentlib.jobs.models import Job
from tests.backup.test_backup import empty, own_postgres, run
from tests.library.dying import browser_of, installation, send

__all__ = ["own_postgres"]


@pytest.fixture
def original(tmp_path: Path) -> Flask:
    app = installation(tmp_path / "original")
    send(browser_of(app), "first", lambda _line: None)
    with app.app_context():
        sealing.join(sealing.waiting())
        # One that the worker has not come to.
        record(Action.TERM_ADDED, name="Ação “fácil”\u2028", place=[1, None, True])
        db.session.commit()
    return app


def verdict_of(app: Flask) -> Verdict:
    with app.app_context():
        return verify()


def hashes_of(app: Flask, upto: int) -> list[str]:
    with app.app_context():
        links = select(AuditLink.hash).where(AuditLink.number <= upto).order_by(AuditLink.number)
        return list(db.session.scalars(links))


def actions_of(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.at)))


def test_a_restored_chain_goes_on_where_it_was(original: Flask, tmp_path: Path) -> None:
    before = verdict_of(original)
    assert (before.waiting, before.fault) == (1, None)
    assert run(original, "backup", str(tmp_path / "b")).exit_code == 0
    there = empty(tmp_path / "there")
    assert run(there, "restore", str(tmp_path / "b")).exit_code == 0
    after = verdict_of(there)
    # What waited is joined, and the restoring itself.
    assert (after.fault, after.waiting, after.end.number) == (None, 0, before.end.number + 2)
    assert hashes_of(there, before.end.number) == hashes_of(original, before.end.number)
    assert actions_of(there)[-2:] == ["term.added", "backup.restored"]
    assert actions_of(original)[-2:] == ["term.added", "backup.made"]


@pytest.mark.real_part("postgres")
def test_to_postgresql_and_back_every_hash_is_the_same(
    original: Flask,
    tmp_path: Path,
    own_postgres: str,
) -> None:
    long = verdict_of(original).end.number
    assert run(original, "backup", str(tmp_path / "b")).exit_code == 0
    there = empty(tmp_path / "there", database_url=own_postgres)
    assert run(there, "restore", str(tmp_path / "b")).exit_code == 0
    assert verdict_of(there).fault is None
    send(browser_of(there), "second", lambda _line: None)
    assert run(there, "backup", str(tmp_path / "c")).exit_code == 0
    back = empty(tmp_path / "back")
    assert run(back, "restore", str(tmp_path / "c")).exit_code == 0
    assert verdict_of(back).fault is None
    assert hashes_of(back, long) == hashes_of(there, long) == hashes_of(original, long)
    with there.app_context():
        db.engine.dispose()


def test_under_another_secret_key_the_chain_is_taken_over(original: Flask, tmp_path: Path) -> None:
    assert run(original, "backup", str(tmp_path / "b")).exit_code == 0
    there = empty(tmp_path / "there")
    there.config["SECRET_KEY"] = "another-key-0123456789-abcdefghijklmnop"
    assert run(there, "restore", str(tmp_path / "b")).exit_code == 0
    assert verdict_of(there).fault is None
    with there.app_context():
        assert sealing.join([record(Action.TERM_ADDED).id]) == 1


def test_a_break_is_told_when_it_is_restored(original: Flask, tmp_path: Path) -> None:
    with original.app_context():
        db.session.execute(text("DROP TRIGGER audit_entry_no_update"))
        db.session.execute(text("UPDATE audit_entry SET action = 'x.y'"))
        db.session.commit()
    assert run(original, "backup", str(tmp_path / "b")).exit_code == 0
    there = empty(tmp_path / "there")
    result = run(there, "restore", str(tmp_path / "b"))
    assert result.exit_code == 1
    assert "audit chain: Entry 1 was changed" in result.output


def test_a_fresh_installation_has_no_history_in_the_way_of_a_backup(tmp_path: Path) -> None:
    app = empty(tmp_path)
    with app.app_context():
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 0
        db.session.execute(delete(Job))
