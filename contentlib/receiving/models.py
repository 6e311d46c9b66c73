"""Uploads: what somebody is sending, and how far it has come."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, choice

KEPT = timedelta(hours=24)
"""How long an upload that stands still can be carried on."""


class UploadState(StrEnum):
    """How far an upload has come; after `done` and `refused` nothing changes any more."""

    RECEIVING = "receiving"
    STORING = "storing"
    DONE = "done"
    REFUSED = "refused"


class Way(StrEnum):
    """How the bytes of an upload come: by way of the application, or straight to the store.

    `diverted` ones were meant for the store, which their sender's browser could not reach.
    """

    APPLICATION = "application"
    STORE = "store"
    DIVERTED = "diverted"


class Upload(Base):
    """A file that somebody sends in parts, under a key of theirs."""

    __tablename__ = "upload"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_upload_state_moved", "state", "moved_at"),
        Index("ix_upload_sha256", "sha256"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    # What is to become of it, as its sender said: only who asked for it reads this.
    aim: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[UploadState] = mapped_column(
        choice(UploadState, 10), default=UploadState.RECEIVING
    )
    way: Mapped[Way] = mapped_column(
        choice(Way, 12), default=Way.APPLICATION, server_default=Way.APPLICATION
    )
    # What the store calls what was begun there, and the SHA-256 of each part as announced.
    begun: Mapped[str | None] = mapped_column(Text)
    checksums: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    # Bytes that were checked and are on the disk; the file may be longer by a part that was not.
    # On the way to the store, what its sender says has come; what has, the store is asked.
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
    moved_at: Mapped[datetime] = mapped_column(default=now)
