"""Marketing touches as another system told of them, and who is not whom after all."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId


class MarketingTouch(Base):
    """One thing that somebody did with marketing, such as a form sent or a webinar seen."""

    __tablename__ = "marketing_touch"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_marketing_touch_person", "source", "person"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    # What the other system calls the person by, whatever addresses they use there.
    person: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(300))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class TouchSplit(Base):
    """Says that an address or a number of another system is not this contact's."""

    __tablename__ = "touch_split"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    identity: Mapped[str] = mapped_column(String(260), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
