"""What became of answers that were said to customers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId


class AnswerOutcome(Base):
    """One time that somebody said an answer, and whether it worked."""

    __tablename__ = "answer_outcome"
    __table_args__ = (
        Index("ix_answer_outcome_asset", "asset_id", "at"),
        Index("ix_answer_outcome_by", "by_id", "asset_id", "at"),
        Index("ix_answer_outcome_deal_id", "deal_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    asset_version_id: Mapped[int | None] = mapped_column(ForeignKey("asset_version.id"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    # The stage of the deal at that moment, not today's.
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    worked: Mapped[bool]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    # Why, in the words of who said it; most people have no time to write any.
    note: Mapped[str] = mapped_column(Text, default="")
    # A slip that was taken back, or another word by the same person right after.
    undone_at: Mapped[datetime | None]
