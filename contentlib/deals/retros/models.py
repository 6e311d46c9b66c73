"""What surrounds the answers of a retro: who was asked, what stood before, and who skipped it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.deals.models import Deal


class RetroInvitation(Base):
    """One asking of a deal's owner after one close; its link answers without a sign-in, once."""

    __tablename__ = "retro_invitation"
    __table_args__ = (
        Index("ix_retro_invitation_deal", "deal_id"),
        Index("ix_retro_invitation_user", "user_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # The token itself is only in the letter: what is kept here opens nothing.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Nobody noted anything by being asked: an import that brought the deal can still be undone.
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # Which close of the deal it asks about, as `closes.close_number` counts them.
    close_number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]

    deal: Mapped[Deal] = relationship()
    user: Mapped[User] = relationship()


class RetroRevision(Base):
    """What the answers of a retro were before they were changed; never changed itself."""

    __tablename__ = "retro_revision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    retro_id: Mapped[int] = mapped_column(ForeignKey("retro.id", ondelete="CASCADE"), index=True)
    replaced_at: Mapped[datetime] = mapped_column(default=now)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # One entry a material: its id as `asset`, the `verdict`, and whether it was `decisive`.
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    missing: Mapped[str] = mapped_column(Text)
    outside: Mapped[str] = mapped_column(Text)

    replaced_by: Mapped[User | None] = relationship()


class WhyNot(StrEnum):
    """Why somebody skips a retro."""

    NOT_INVOLVED = "not_involved"
    NOTHING_USED = "nothing_used"
    CANNOT_TELL = "cannot_tell"


class RetroSkip(Base):
    """Says that a retro will not be answered, and why; void like the answers once re-opened."""

    __tablename__ = "retro_skip"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    reason: Mapped[WhyNot] = mapped_column(choice(WhyNot, 20))
    skipped_at: Mapped[datetime] = mapped_column(default=now)
    skipped_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None]
