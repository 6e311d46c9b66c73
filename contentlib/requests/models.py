"""What people ask marketing for, and who waits for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.deals.models import Deal
from contentlib.library.models import Asset


class State(StrEnum):
    """How far a request has come."""

    NEW = "new"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    DECLINED = "declined"


OPEN = (State.NEW, State.ACCEPTED)


class ContentRequest(Base):
    """A material that somebody could not find, in their own words."""

    __tablename__ = "content_request"
    __table_args__ = (Index("ix_content_request_state_asked", "state", "asked_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    # The words that were searched for in vain, if it began with a search.
    words: Mapped[str] = mapped_column(String(256), default="")
    # What it is for, by facet: keys of stages, personas, types and languages.
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[State] = mapped_column(choice(State, 10), default=State.NEW)
    answer: Mapped[str] = mapped_column(Text, default="")
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    deal: Mapped[Deal | None] = relationship()
    asset: Mapped[Asset | None] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    waiting: Mapped[list["ContentRequestJoined"]] = relationship(
        cascade="all, delete-orphan", order_by="ContentRequestJoined.joined_at"
    )

    @property
    def is_open(self) -> bool:
        """Tell whether marketing still owes an answer."""
        return self.state in OPEN


class ContentRequestJoined(Base):
    """Somebody who waits for a request: who asked it, and who needs the same."""

    __tablename__ = "content_request_joined"

    request_id: Mapped[int] = mapped_column(
        ForeignKey("content_request.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True, index=True
    )
    joined_at: Mapped[datetime] = mapped_column(default=now)
    # When they last looked at what became of it.
    seen_at: Mapped[datetime | None]
