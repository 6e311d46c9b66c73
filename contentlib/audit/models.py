"""Entries, the chain that joins them, and where it ends."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.audit.chain import canonical
from contentlib.core.db import Base, BigId


class AuditEntry(Base):
    """One thing that was decided; never changed, kept so by the database and seen by the chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_time", "at", "id"),
        Index("ix_audit_entry_actor", "actor_id", "at"),
        Index("ix_audit_entry_subject", "subject_kind", "subject_id", "at"),
        Index("ix_audit_entry_action", "action", "at"),
    )

    # Made by us (UUID 7), so that an entry can be sealed before the database has numbered it.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime]
    # Nobody where the installation itself acted.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    surface: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    # JSON in its canonical form, as a text: what is hashed comes back from every database the same.
    details: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(String(64))
    # Says that this installation wrote it, until the chain holds it.
    seal: Mapped[str] = mapped_column(String(64))

    @property
    def told(self) -> dict[str, Any]:
        """Return the details."""
        return dict(json.loads(self.details))


class AuditLink(Base):
    """The place of an entry in the chain; never changed either."""

    __tablename__ = "audit_link"

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    entry_id: Mapped[str] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditEnd(Base):
    """Where the chain ends, sealed with the installation's key; the one row moves with it.

    An older end is not kept, so that nobody can put one back who has not copied it in time.
    """

    __tablename__ = "audit_end"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    # Which key sealed it, and the seal; both are empty as long as nothing is chained.
    key_name: Mapped[str] = mapped_column(String(16))
    seal: Mapped[str] = mapped_column(String(64))
    # When the whole chain was last looked over, and what was wrong if anything was.
    verified_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(20))
    fault_at: Mapped[int | None] = mapped_column(BigInteger)


def written(at: datetime | str) -> str:
    """Return a moment as the chain has it: UTC, to the microsecond.

    A text is a moment as SQLite keeps it, in UTC already; unread, it is still told as it stands.
    """
    if isinstance(at, str):
        return f"{at.replace(' ', 'T')}Z"
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content(row: Any) -> dict[str, Any]:
    """Return of an entry, or of a row with its columns, what is hashed and sealed.

    Raises ``ValueError`` for details that are not written as they were when they were hashed.
    """
    details = json.loads(row.details)
    if canonical(details) != row.details:
        raise ValueError("these details are not in their canonical form")
    return {
        "action": row.action,
        "actor": row.actor_id,
        "at": written(row.at),
        "details": details,
        "id": row.id,
        "request": row.request_id,
        "subject": [row.subject_kind, row.subject_id] if row.subject_kind else None,
        "surface": row.surface,
    }
