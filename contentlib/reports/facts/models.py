"""Roll-ups: what closed in each month as columns, and what has changed there since."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.deals.models import Outcome


class ClosedMonth(Base):
    """The deals that closed in a month in one way, packed; see `columns.py` for what is in it."""

    __tablename__ = "closed_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, 5), primary_key=True)
    built_at: Mapped[datetime] = mapped_column(default=now)
    deals: Mapped[bytes] = mapped_column(LargeBinary)
    touches: Mapped[bytes] = mapped_column(LargeBinary)
    stays: Mapped[bytes] = mapped_column(LargeBinary)


class RollupMark(Base):
    """Up to where the months agree with what they are made of; there is one row, or none."""

    __tablename__ = "rollup_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Changes since this moment are looked for again, whatever is known of them.
    changed_at: Mapped[datetime]
    event_id: Mapped[int] = mapped_column(BigId)
    # Months begin and end by the days of this zone.
    zone: Mapped[str] = mapped_column(String(60))
    # Until all months are built, reports read the rows themselves.
    is_whole: Mapped[bool]


class Restatement(Base):
    """A deal of a month that was reported already is told otherwise now."""

    __tablename__ = "restatement"
    __table_args__ = (Index("ix_restatement_month", "month", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    month: Mapped[date]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    # What it came to before and after, in minor units of its currency; nothing where it is not won.
    before_minor: Mapped[int | None] = mapped_column(BigId)
    after_minor: Mapped[int | None] = mapped_column(BigId)
    touches_before: Mapped[int]
    touches_after: Mapped[int]
