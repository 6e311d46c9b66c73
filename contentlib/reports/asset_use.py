"""What became of one material: on how many won deals it was used, and on which deals of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.queries import visible
from contentlib.library.models import Asset
from contentlib.reports.use_figures import Line, before_close, lines
from contentlib.reports.use_scope import UseScope, happened, is_use
from contentlib.usage.models import UsageEvent
from contentlib.usage.queries import not_retracted

# Fewer won deals than these say more about chance than about the material.
FEWEST_WINS = 5
DEALS_SHOWN = 5


@dataclass(frozen=True)
class AssetUse:
    """A material's use in a period: its line, won deals with it and in all, and its last deals."""

    line: Line
    won_with: int
    won: int
    deals: Sequence[tuple[Deal, datetime]]

    @property
    def telling(self) -> bool:
        """Tell whether there are enough won deals to name their number."""
        return self.won_with >= FEWEST_WINS


def asset_use(asset: Asset, scope: UseScope, viewer: User) -> AssetUse:
    """Return what became of a material; numbers are the firm's, deals those the viewer may see."""
    return AssetUse(
        line=lines(scope, [asset.id])[0],
        won_with=db.session.scalar(_won(scope, asset.id)) or 0,
        won=db.session.scalar(_won(scope)) or 0,
        deals=_last_deals(scope, asset.id, viewer),
    )


def _won(scope: UseScope, asset_id: int = 0) -> Any:
    """Count the deals won in the period, or those of them with a use of a material before."""
    won = select(func.count(Deal.id)).where(
        Deal.outcome == Outcome.WON,
        Deal.closed_at >= scope.period.start,
        Deal.closed_at < scope.period.end,
    )
    if not asset_id:
        return won
    touches = (
        select(UsageEvent.deal_id)
        .join(Deal, Deal.id == UsageEvent.deal_id)
        .where(UsageEvent.asset_id == asset_id, is_use(scope), not_retracted(), *before_close())
    )
    return won.where(Deal.id.in_(touches))


def _last_deals(scope: UseScope, asset_id: int, viewer: User) -> list[tuple[Deal, datetime]]:
    last = func.max(UsageEvent.occurred_at)
    used = (
        select(UsageEvent.deal_id, last.label("at"))
        .where(UsageEvent.asset_id == asset_id, *happened(scope), is_use(scope))
        .group_by(UsageEvent.deal_id)
        .subquery()
    )
    rows = db.session.execute(
        visible(viewer)
        .join(used, used.c.deal_id == Deal.id)
        .add_columns(used.c.at)
        .order_by(used.c.at.desc(), Deal.id.desc())
        .limit(DEALS_SHOWN)
    )
    return [(deal, at) for deal, at in rows]
