"""Which closed deals may have changed since a mark, and where the next mark stands."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals.models import Deal, Retro
from contentlib.reports.facts.models import RollupMark
from contentlib.usage import ledger
from contentlib.usage.models import UsageEvent, UsageRetraction

UNSEEN = timedelta(minutes=10)
"""So long ago may have been written what is seen now: it bears a moment before its commit."""


def changed_since(mark: RollupMark) -> NDArray[np.int64]:
    """Return the ids of deals of which something was written since a mark, in rising order.

    There may be more of them than have changed, never fewer. Arrivals at stages are found by the
    deal, whose row changes with each.
    """
    since = mark.changed_at
    asked = (
        select(Deal.id).where(Deal.updated_at >= since),
        select(UsageEvent.deal_id).where(UsageEvent.id > mark.event_id),
        select(UsageEvent.deal_id).where(
            UsageEvent.id.in_(
                select(UsageRetraction.event_id).where(UsageRetraction.retracted_at >= since)
            )
        ),
        select(Retro.deal_id).where(Retro.answered_at >= since),
        select(Retro.deal_id).where(Retro.changed_at >= since),
        select(Retro.deal_id).where(Retro.voided_at >= since),
    )
    found = {deal_id for statement in asked for deal_id in db.session.scalars(statement)}
    return np.array(sorted(deal_id for deal_id in found if deal_id), dtype=np.int64)


def mark_now(zone: str) -> RollupMark:
    """Return the mark of what this transaction sees; what is read after it is not behind it."""
    newest = db.session.scalar(select(func.max(UsageEvent.id))) or 0
    settled, last = ledger.settled(newest), db.session.get(RollupMark, 1)
    return RollupMark(
        id=1,
        changed_at=_oldest_writer() - UNSEEN,
        # While somebody writes into the ledger, an event of a lower number may yet appear.
        event_id=settled or (last.event_id if last else 0),
        zone=zone,
        is_whole=False,
    )


def _oldest_writer() -> datetime:
    """Return since when somebody may be writing who has not committed."""
    moment = now()
    if db.session.get_bind().dialect.name == "sqlite":
        return moment
    began: datetime | None = db.session.scalar(_OLDEST)
    return min(moment, began) if began else moment


_OLDEST = text("SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()")
