"""The materials that a person most likely used: what they opened or took last."""

from datetime import timedelta

from sqlalchemy import case, func

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.queries import get_assets
from contentlib.usage.models import UsageEvent
from contentlib.usage.queries import counting

NOT_LONGER_AGO = timedelta(days=30)
MOST = 6


def recent_assets(user: User, deal: Deal | None, limit: int = MOST) -> list[Asset]:
    """Return what a person had in hand in the last days, what was for the deal first."""
    last = func.max(UsageEvent.occurred_at)
    for_deal = func.max(case((UsageEvent.deal_id == (deal.id if deal else None), 1), else_=0))
    rows = (
        counting(UsageEvent.asset_id)
        .where(UsageEvent.actor_id == user.id, UsageEvent.occurred_at > now() - NOT_LONGER_AGO)
        .group_by(UsageEvent.asset_id)
        .order_by(for_deal.desc(), last.desc())
        .limit(limit)
    )
    return get_assets(user, list(db.session.scalars(rows)), firm_today())
