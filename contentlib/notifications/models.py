"""What people were told, and how each wants to be told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice

_UNSEEN = text("seen_at IS NULL")


class How(StrEnum):
    """When a kind of news reaches a person's mailbox; the product itself tells at once."""

    INSTANT = "instant"
    DIGEST = "digest"
    NEVER = "never"


class Notification(Base):
    """One piece of news for one person; `key` is what makes it the same news again."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notification_user_told", "user_id", "told_at"),
        # Every page tells how many there are.
        Index("ix_notification_unseen", "user_id", sqlite_where=_UNSEEN, postgresql_where=_UNSEEN),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(160))
    # Where it leads, as a path of this site.
    address: Mapped[str] = mapped_column(String(300))
    # What its words name; the words themselves are made in the reader's language when they read.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    told_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class NotificationChoice(Base):
    """How a person wants to be told of one kind by e-mail, where they said it themselves."""

    __tablename__ = "notification_choice"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    how: Mapped[How] = mapped_column(choice(How, 10))
