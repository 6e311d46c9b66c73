"""What became of one material: on how many won deals it was used, and on which deals of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.deals.queries import visible
from contentlib.deals.wins import Wins, wins_of
from contentlib.library.models import Asset
from contentlib.reports.use_figures import Line, lines
from contentlib.reports.use_scope import UseScope, happened, is_use
from contentlib.usage.models import UsageEvent

DEALS_SHOWN = 5


@dataclass(frozen=True)
class AssetUse:
    """A material's use in a period: its line, the won deals with it, and its last deals."""

    line: Line
    wins: Wins
    deals: Sequence[tuple[Deal, datetime]]


def asset_use(asset: Asset, scope: UseScope, viewer: User) -> AssetUse:
    """Return what became of a material; numbers are the firm's, deals those the viewer may see."""
    period = scope.period
    wins = wins_of([asset.id], start=period.start, end=period.end, grade=scope.grade)
    return AssetUse(
        line=lines(scope, [asset.id])[0],
        wins=wins[asset.id],
        deals=_last_deals(scope, asset.id, viewer),
    )


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
