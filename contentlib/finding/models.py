"""What people searched for and opened, and what marketing made of it: synonyms and pins."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId
from contentlib.library.models import Asset


class SearchLog(Base):
    """One search a person saw the answer of; a burst of typing is one row."""

    __tablename__ = "search_log"
    __table_args__ = (
        Index("ix_search_log_person_time", "user_id", "searched_at"),
        Index("ix_search_log_time", "searched_at", "results"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    query: Mapped[str] = mapped_column(String(256))
    normalised: Mapped[str] = mapped_column(String(256), index=True)
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    results: Mapped[int]
    milliseconds: Mapped[int]
    surface: Mapped[str] = mapped_column(String(20), default="web")
    searched_at: Mapped[datetime] = mapped_column(default=now)


class SearchClick(Base):
    """The opening of one result of a search."""

    __tablename__ = "search_click"

    search_id: Mapped[str] = mapped_column(
        ForeignKey("search_log.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    position: Mapped[int]
    clicked_at: Mapped[datetime] = mapped_column(default=now)


class Synonym(Base):
    """Words that mean the same to a search; none of them stands in two groups."""

    __tablename__ = "search_synonym"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    words: Mapped[list[str]] = mapped_column(JSON)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Pin(Base):
    """A material that comes first when somebody searches for certain words."""

    __tablename__ = "search_pin"
    __table_args__ = (UniqueConstraint("normalised", "asset_id", name="uq_search_pin_words"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    words: Mapped[str] = mapped_column(String(256))
    # What all queries of these words share, whatever their order, plurals and accents.
    normalised: Mapped[str] = mapped_column(String(256))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    asset: Mapped[Asset] = relationship()


class SavedSearch(Base):
    """A search that a person keeps; with an alert they are told what comes to answer it."""

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    # As `Criteria.parameters` gives them for the address.
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    alert: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    # Removed ones stay for as long as somebody may still want them back.
    removed_at: Mapped[datetime | None]
