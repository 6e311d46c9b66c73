"""The ledger of use: append-only rows, kept so by the database itself."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice


class Grade(IntEnum):
    """How strong the evidence is that content was used."""

    OPENED = 1
    TAKEN = 2
    SENT = 3
    RECEIVED = 4
    CONFIRMED = 5


class Action(StrEnum):
    """What happened, in the past tense."""

    OPENED = "opened"
    COPIED = "copied"
    DOWNLOADED = "downloaded"
    SHOWN = "shown"
    SENT_OUTSIDE = "sent_outside"
    SHARED = "shared"
    RECEIVED = "received"
    CONFIRMED = "confirmed"


GRADES = {
    Action.OPENED: Grade.OPENED,
    Action.COPIED: Grade.TAKEN,
    Action.DOWNLOADED: Grade.TAKEN,
    Action.SHOWN: Grade.SENT,
    Action.SENT_OUTSIDE: Grade.SENT,
    Action.SHARED: Grade.SENT,
    Action.RECEIVED: Grade.RECEIVED,
    Action.CONFIRMED: Grade.CONFIRMED,
}


class UsageEvent(Base):
    """One thing that one person did with one version of one asset."""

    __tablename__ = "usage_event"
    __table_args__ = (
        # Reports count uses by material or by deal without touching the rows themselves.
        Index(
            "ix_usage_event_asset_grade",
            "asset_id",
            "grade",
            "occurred_at",
            "actor_id",
            "deal_id",
            "late",
        ),
        Index("ix_usage_event_deal", "deal_id", "grade", "asset_id", "occurred_at", "late"),
        Index("ix_usage_event_actor_time", "actor_id", "occurred_at"),
        Index("ix_usage_event_window", "occurred_at", "grade", "asset_id", "actor_id", "deal_id"),
        # Few events came out of a search.
        Index(
            "ix_usage_event_search",
            "search_id",
            "grade",
            sqlite_where=text("search_id IS NOT NULL"),
            postgresql_where=text("search_id IS NOT NULL"),
        ),
        Index(
            "ix_usage_event_share_link",
            "share_link_id",
            sqlite_where=text("share_link_id IS NOT NULL"),
            postgresql_where=text("share_link_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[Action] = mapped_column(choice(Action, 20))
    grade: Mapped[int] = mapped_column(SmallInteger)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    asset_version_id: Mapped[int | None] = mapped_column(ForeignKey("asset_version.id"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    # The deal's stage when it happened, by the stage history, not today's.
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    channel: Mapped[str | None] = mapped_column(String(20))
    surface: Mapped[str] = mapped_column(String(20), default="web")
    # Recorded after the deal had its outcome: kept, but left out of credit.
    late: Mapped[bool] = mapped_column(default=False)
    # The link by which it was sent, or read; then the buyer is the actor, who is nobody here.
    share_link_id: Mapped[int | None] = mapped_column(ForeignKey("share_link.id"))
    search_id: Mapped[str | None] = mapped_column(String(36))
    position: Mapped[int | None]
    part: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    meta: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class UsageRetraction(Base):
    """Says that an event was a slip and does not count; the event itself stays."""

    __tablename__ = "usage_retraction"
    __table_args__ = (Index("ix_usage_retraction_at", "retracted_at"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("usage_event.id"), primary_key=True)
    retracted_at: Mapped[datetime] = mapped_column(default=now)
    retracted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
