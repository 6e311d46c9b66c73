"""Which close of a deal a retro is about: a deal may be re-opened and closed anew."""

from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.deals.models import Deal, DealChange, Outcome

OPEN_AGAIN = N_("This deal is open again, so there is nothing to look back on yet.")
CLOSED_ANEW = N_("This deal was re-opened and closed anew meanwhile. Look at your answers again.")


def close_number(deal: Deal) -> int:
    """Return how many times a deal was closed here; one that came closed begins with none."""
    closes = select(func.count(DealChange.id)).where(
        DealChange.deal_id == deal.id,
        DealChange.field == "outcome",
        DealChange.new != Outcome.OPEN,
    )
    return db.session.scalar(closes) or 0


def refuse_unless_closed(deal: Deal, asked: int | None = None) -> None:
    """Say so if a deal is open, or closed another time than the one that was asked about."""
    if deal.outcome == Outcome.OPEN:
        raise Conflict(OPEN_AGAIN)
    if asked is not None and asked != close_number(deal):
        raise Conflict(CLOSED_ANEW)
