"""Questions to the ledger that need nothing but the ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from contentlib.core.db import db
from contentlib.usage.models import Grade, UsageEvent, UsageRetraction


def not_retracted() -> ColumnElement[bool]:
    """Return the condition that an event still counts."""
    taken_back = select(UsageRetraction.event_id).where(UsageRetraction.event_id == UsageEvent.id)
    return ~taken_back.exists()


def counting(*columns: Any) -> Select[Any]:
    """Return a statement over the events that count, or over some of their columns."""
    return select(*(columns or (UsageEvent,))).where(not_retracted())


def recent_deals_of(actor_id: int, limit: int = 5) -> list[int]:
    """Return the deals that a person last noted something on, youngest first."""
    last = func.max(UsageEvent.occurred_at)
    rows = db.session.scalars(
        select(UsageEvent.deal_id)
        .where(UsageEvent.actor_id == actor_id, UsageEvent.deal_id.is_not(None))
        .group_by(UsageEvent.deal_id)
        .order_by(last.desc())
        .limit(limit)
    )
    return [deal_id for deal_id in rows if deal_id is not None]


def events_on_deal(deal_id: int) -> Sequence[UsageEvent]:
    """Return what counts on a deal, in the order in which it happened."""
    return db.session.scalars(
        counting()
        .where(UsageEvent.deal_id == deal_id)
        .order_by(UsageEvent.occurred_at, UsageEvent.id)
    ).all()


def sent_on_deal(deal_id: int) -> frozenset[int]:
    """Return the materials that were sent or shown on a deal."""
    rows = (
        counting(UsageEvent.asset_id)
        .distinct()
        .where(UsageEvent.deal_id == deal_id, UsageEvent.grade >= Grade.SENT)
    )
    return frozenset(db.session.scalars(rows))
