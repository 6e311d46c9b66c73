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
    PRODUCTION = "production"
    REVIEW = "review"
    # Marketing asked something back, and its clock stands still until the answer.
    WAITING = "waiting"
    DELIVERED = "delivered"
    DECLINED = "declined"
    # It asked for the same as another one, which has taken its people along.
    MERGED = "merged"


OPEN = (State.NEW, State.ACCEPTED, State.PRODUCTION, State.REVIEW, State.WAITING)
# What marketing may move an open request to without answering it.
MOVES = (State.ACCEPTED, State.PRODUCTION, State.REVIEW, State.WAITING)


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
    # The retro whose missing material this asks for; one retro asks once.
    retro_id: Mapped[int | None] = mapped_column(ForeignKey("retro.id"), index=True, unique=True)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # What is being made for it, seen only by those who make it.
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("content_request.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    deal: Mapped[Deal | None] = relationship()
    asset: Mapped[Asset | None] = relationship(foreign_keys=asset_id)
    draft: Mapped[Asset | None] = relationship(foreign_keys=draft_id)
    assigned_to: Mapped[User | None] = relationship(foreign_keys=assigned_to_id)
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    waiting: Mapped[list["ContentRequestJoined"]] = relationship(
        cascade="all, delete-orphan", order_by="ContentRequestJoined.joined_at"
    )

    named: Mapped[list["ContentRequestDeal"]] = relationship(cascade="all, delete-orphan")
    steps: Mapped[list["ContentRequestStep"]] = relationship(
        cascade="all, delete-orphan",
        order_by="(ContentRequestStep.at, ContentRequestStep.id)",
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


class ContentRequestDeal(Base):
    """A deal that somebody needs the material for; several may name one, and one several."""

    __tablename__ = "content_request_deal"

    request_id: Mapped[int] = mapped_column(
        ForeignKey("content_request.id", ondelete="CASCADE"), primary_key=True
    )
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True, index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class ContentRequestStep(Base):
    """One state that a request came to; the clock is read from these rows, which only grow."""

    __tablename__ = "content_request_step"
    __table_args__ = (Index("ix_content_request_step_request", "request_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("content_request.id", ondelete="CASCADE"))
    state: Mapped[State] = mapped_column(choice(State, 10))
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = relationship()


class ContentRequestComment(Base):
    """What somebody who may see a request said of it."""

    __tablename__ = "content_request_comment"
    __table_args__ = (Index("ix_content_request_comment_request", "request_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("content_request.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)

    by: Mapped[User] = relationship()


class RetroWishDropped(Base):
    """Says that what a retro missed is not to be asked of marketing after all."""

    __tablename__ = "retro_wish_dropped"

    retro_id: Mapped[int] = mapped_column(
        ForeignKey("retro.id", ondelete="CASCADE"), primary_key=True
    )
    dropped_at: Mapped[datetime] = mapped_column(default=now)
    dropped_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
