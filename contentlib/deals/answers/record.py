"""What stands below an answer of its record: the wins it was used on, how often it worked."""

from typing import Any

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.core.clock import now
from contentlib.deals.answers import queries
from contentlib.deals.models import Deal
from contentlib.deals.similar import used_on_wins
from contentlib.deals.spoken import counts_from
from contentlib.library.models import Asset


def record_facts(asset: Asset, deal: Deal | None, *, for_: User, grade: int) -> dict[str, Any]:
    """Return what its lines are written from; what people said of it is for its keepers alone."""
    keeps = may(for_, "asset.edit")
    least = counts_from(asset.type.key, grade)
    wins, alike = used_on_wins(asset.id, deal, moment=now(), grade=least)
    return {
        "asset": asset,
        "deal": deal,
        "wins": wins,
        "alike": alike,
        "told": queries.record_of(asset) if keeps else None,
        "reasons": queries.reasons_of(asset) if keeps else [],
    }
