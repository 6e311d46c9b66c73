"""Briefs that people looked at, what stood on them, and what they did with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice


class Chose(StrEnum):
    """What a person made of a card."""

    PIN = "pin"
    DISMISSED = "dismissed"


class How(StrEnum):
    """What a person did with the material of a card, straight from it."""

    OPENED = "opened"
    COPIED = "copied"


class PrepBrief(Base):
    """One brief as one person saw it; never changed."""

    __tablename__ = "prep_brief"
    __table_args__ = (Index("ix_prep_brief_deal", "deal_id", "opened_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    # What was known: personas, industry, size, competitor, words heard, language.
    situation: Mapped[dict[str, Any]] = mapped_column(JSON)
    # With it the draw of the last card can be repeated.
    seed: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(default=now)

    impressions: Mapped[list["PrepImpression"]] = relationship(order_by="PrepImpression.slot")


class PrepImpression(Base):
    """One card of a brief: its place, the chance with which it came there, and why it did."""

    __tablename__ = "prep_impression"

    brief_id: Mapped[int] = mapped_column(
        ForeignKey("prep_brief.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(String(12))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    asset_version_id: Mapped[int | None] = mapped_column(ForeignKey("asset_version.id"))
    propensity: Mapped[float] = mapped_column(Float)
    # [[code, points], ...], the weightiest first.
    reasons: Mapped[list[Any]] = mapped_column(JSON)


class PrepFollowed(Base):
    """That a material was opened or copied from a card; the use itself is in the ledger."""

    __tablename__ = "prep_followed"

    brief_id: Mapped[int] = mapped_column(
        ForeignKey("prep_brief.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    how: Mapped[How] = mapped_column(choice(How, 10), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class PrepChoice(Base):
    """A card that a person keeps, or does not want to see again, for a deal or a situation."""

    __tablename__ = "prep_choice"
    __table_args__ = (Index("ix_prep_choice_place", "by_id", "place"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # `deal:12`, or a digest of the situation where there is no deal.
    place: Mapped[str] = mapped_column(String(60))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"), index=True)
    brief_id: Mapped[int | None] = mapped_column(ForeignKey("prep_brief.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    section: Mapped[str] = mapped_column(String(12))
    chose: Mapped[Chose] = mapped_column(choice(Chose, 10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
