"""What the demo's sellers said of the answers and scripts they copied for their deals."""

from random import Random
from typing import Any

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals.answers.models import AnswerOutcome
from contentlib.demo.firm import firm
from contentlib.demo.rows import Rows
from contentlib.library.models import Asset
from contentlib.library.taxonomy import AssetType
from contentlib.usage.models import Action, UsageEvent

# Most people have no time to say whether it worked, and fewer still to say why it did not.
TOLD, EXPLAINED = 0.35, 0.3
# Some answers work better than others, none always or never.
WORST, BEST = 0.45, 0.85


def add_outcomes(rng: Random) -> int:
    """Tell of some copied answers whether they worked, and return of how many."""
    reasons, outcomes = firm()["answers"]["failed_because"], Rows(AnswerOutcome)
    odds: dict[int, float] = {}
    for event in _copied():
        chance = odds.setdefault(event.asset_id, rng.uniform(WORST, BEST))
        if rng.random() > TOLD:
            continue
        worked = rng.random() < chance
        explained = not worked and rng.random() < EXPLAINED
        outcomes.add(
            asset_id=event.asset_id,
            asset_version_id=event.asset_version_id,
            deal_id=event.deal_id,
            stage_id=event.stage_id,
            worked=worked,
            by_id=event.actor_id,
            at=event.occurred_at,
            note=rng.choice(reasons) if explained else "",
            undone_at=None,
        )
    outcomes.flush()
    return outcomes.added


def _copied() -> Any:
    return db.session.execute(
        select(
            UsageEvent.asset_id,
            UsageEvent.asset_version_id,
            UsageEvent.deal_id,
            UsageEvent.stage_id,
            UsageEvent.actor_id,
            UsageEvent.occurred_at,
        )
        .join(Asset, Asset.id == UsageEvent.asset_id)
        .join(AssetType, AssetType.id == Asset.type_id)
        .where(
            AssetType.key.in_(("objection", "script")),
            UsageEvent.action == Action.COPIED,
            UsageEvent.deal_id.is_not(None),
            UsageEvent.actor_id.is_not(None),
        )
        .order_by(UsageEvent.id)
    )
