"""What came by a link: hits as they came, visits made of them, and the seconds on each page."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.sharing.models import ShareLink


class VisitClass(StrEnum):
    """Who a visit was, as far as what it did can tell."""

    HUMAN = "human"
    SCANNER = "scanner"
    PREVIEW = "preview"
    INTERNAL = "internal"
    SELF = "self"
    UNKNOWN = "unknown"


class What(StrEnum):
    """What a hit asked for."""

    PAGE = "page"
    CARD = "card"
    IMAGE = "image"
    FILE = "file"
    GATE = "gate"
    TRAP = "trap"
    REFUSED = "refused"


class Visit(Base):
    """One coming of one visitor by one link."""

    __tablename__ = "share_visit"
    __table_args__ = (Index("ix_share_visit_link", "link_id", "started_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Names the visit in the pages' own beacons: unguessable, and good for this visit alone.
    key: Mapped[str] = mapped_column(String(43), unique=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id"))
    started_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)
    # What is the same for one device at one network, for a day; tells a second visit from a second
    # visitor, and nobody who the visitor is.
    visitor: Mapped[str] = mapped_column(String(64))
    # The address that a gate has verified, if it did.
    email: Mapped[str | None] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # Its visitor objects to being told apart as a reader: only that it came is kept.
    is_bare: Mapped[bool] = mapped_column(default=False)
    visit_class: Mapped[VisitClass] = mapped_column(
        choice(VisitClass, 10), default=VisitClass.UNKNOWN
    )
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    active_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    pages_read: Mapped[int] = mapped_column(default=0)
    furthest_page: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0)
    notified_at: Mapped[datetime | None]
    # How many reports its pages sent, and when it is to be judged next; nobody waits for a verdict
    # that is final.
    reports: Mapped[int] = mapped_column(default=0)
    judge_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]

    link: Mapped[ShareLink] = relationship()


class Hit(Base):
    """One request by a link, whoever made it and whatever was answered."""

    __tablename__ = "share_hit"
    __table_args__ = (
        Index("ix_share_hit_link", "link_id", "at"),
        Index("ix_share_hit_visit", "visit_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("share_visit.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    what: Mapped[What] = mapped_column(choice(What, 10))
    # The place of the material in the link, and the page of it, where one was asked for.
    position: Mapped[int | None]
    page: Mapped[int | None]
    # How the request was made: method, network, agent and the headers that tell machines apart.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class Beacon(Base):
    """One report of a page about itself, numbered by the page so that a repetition is known."""

    __tablename__ = "share_beacon"
    __table_args__ = (UniqueConstraint("visit_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("share_visit.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    events: Mapped[list[Any]] = mapped_column(JSON)


class Refusal(Base):
    """How many reports of a visit were refused for one reason, as nothing they said could be."""

    __tablename__ = "share_refusal"

    visit_id: Mapped[int] = mapped_column(
        ForeignKey("share_visit.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(String(20), primary_key=True)
    times: Mapped[int] = mapped_column(default=0)


class PageTime(Base):
    """For how long one visit looked at one page, in milliseconds of a visible, used window."""

    __tablename__ = "share_page_time"

    visit_id: Mapped[int] = mapped_column(
        ForeignKey("share_visit.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    active_ms: Mapped[int] = mapped_column(BigInteger, default=0)
