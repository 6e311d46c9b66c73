"""Hands in the database: a chain to be harmed, and triggers out of the way of who harms it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, select, text

from contentlib.accounts.models import User
from contentlib.audit import Action, record, sealing
from contentlib.audit.models import AuditEntry, AuditLink
from contentlib.core.append_only import (
    allow_changes,
    allow_emptying,
    forbid_changes,
    forbid_emptying,
)
from contentlib.core.db import db

TABLES = ("audit_link", "audit_entry")


def chain(person: User, length: int = 6) -> list[AuditEntry]:
    """Write entries and join them, so that they are the whole chain."""
    with no_triggers():
        db.session.execute(delete(AuditLink))
        db.session.execute(delete(AuditEntry))
    entries = [
        record(Action.ASSET_CHANGED, subject=person, by=person, note=f"Ação {number}")
        for number in range(1, length + 1)
    ]
    db.session.flush()
    sealing.accept()
    db.session.commit()
    return entries


@contextmanager
def no_triggers() -> Iterator[None]:
    """Take the triggers away for a while, as whoever rules the database can."""
    dialect = db.engine.dialect.name
    for table in TABLES:
        for statement in (*allow_emptying(dialect, table), *allow_changes(dialect, table)):
            db.session.execute(text(statement))
    yield
    db.session.flush()
    for table in TABLES:
        for statement in (*forbid_changes(dialect, table), *forbid_emptying(dialect, table)):
            db.session.execute(text(statement))
    db.session.commit()
    db.session.expire_all()


def run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def entry_at(number: int) -> str:
    return db.session.scalars(select(AuditLink.entry_id).where(AuditLink.number == number)).one()
