"""Uses noted on deals, as reports count them."""

from datetime import datetime

from contentlib.deals.models import Deal
from contentlib.library.models import Asset
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent
from contentlib.usage.service import OnDeal


def used(
    deal: Deal, asset: Asset, at: datetime, action: Action = Action.SHOWN, *, late: bool = False
) -> UsageEvent:
    """Note that an asset was used on a deal by its seller."""
    return usage.record(
        action,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=deal.owner_id,
        idempotency_key=f"{deal.id}-{asset.id}-{at}-{action}-{late}",
        on=OnDeal(deal.id, deal.stage_id, late),
        occurred_at=at,
    )
