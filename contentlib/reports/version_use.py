"""What became of each version of one material: opened, used, and the won deals it was used on.

Counted over the whole ledger, as a version has no other period than the one in which it was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func

from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.wins import before_close
from contentlib.library.models import Asset, AssetVersion
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import counting


@dataclass(frozen=True)
class VersionUse:
    """A version and its figures; without a version, what was recorded of none in particular."""

    version: AssetVersion | None
    opened: int = 0
    uses: int = 0
    won: int = 0


def version_use(asset: Asset, grade: int) -> Sequence[VersionUse]:
    """Return the figures of each version, the youngest first.

    Uses are events with evidence from `grade` on. A won deal counts for every version that was used
    on it before its close, so that the column can add up to more than the deals there are.
    """
    found = _figures(asset.id, grade)
    known = [VersionUse(one, *found.pop(one.id, (0, 0, 0))) for one in reversed(asset.versions)]
    rest = [sum(column) for column in zip(*found.values(), strict=True)]
    return [*known, VersionUse(None, *rest)] if any(rest) else known


def _figures(asset_id: int, grade: int) -> dict[int | None, tuple[int, int, int]]:
    used = UsageEvent.grade.in_([known for known in Grade if known >= grade])
    won: list[Any] = [used, Deal.outcome == Outcome.WON, *before_close()]
    rows = db.session.execute(
        counting(
            UsageEvent.asset_version_id,
            func.count(UsageEvent.id).filter(UsageEvent.grade == Grade.OPENED),
            func.count(UsageEvent.id).filter(used),
            func.count(Deal.id.distinct()).filter(*won),
        )
        .outerjoin(Deal, Deal.id == UsageEvent.deal_id)
        .where(UsageEvent.asset_id == asset_id)
        .group_by(UsageEvent.asset_version_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}
