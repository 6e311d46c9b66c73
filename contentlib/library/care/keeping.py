"""What the pages of a material show of how it is kept: holds, removals, and their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.library.care import custody, holds
from contentlib.library.care.custody import Act, CustodyStep
from contentlib.library.care.removal_jobs import grace
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.queries import sees_all


@dataclass(frozen=True)
class Keeping:
    """How a material is kept, for those who keep it or may hold it."""

    asset: Asset
    holds: Sequence[CustodyStep]
    removals: Sequence[CustodyStep]
    # Why nothing of it may be removed at present.
    why_kept: str | None
    steps: Sequence[CustodyStep]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is left of it but its history."""
        return bool(self.asset.versions) and all(one.removed_at for one in self.asset.versions)

    @property
    def removal(self) -> CustodyStep | None:
        """Return the removal of the whole material that was asked for."""
        return next((one for one in self.removals if one.asset_version_id is None), None)

    def removal_of(self, version: AssetVersion) -> CustodyStep | None:
        """Return the removal of just one version that was asked for."""
        return next((one for one in self.removals if one.asset_version_id == version.id), None)

    def due(self, asked: CustodyStep) -> datetime:
        """Return until when a removal can be undone."""
        return asked.at + grace()


def keeping_of(asset: Asset, user: User, today: date) -> Keeping | None:
    """Gather how a material is kept, for a person whom that concerns."""
    if not (sees_all(user) or may(user, "asset.hold")):
        return None
    return Keeping(
        asset=asset,
        holds=holds.holds_of(asset),
        removals=custody.standing(Act.REMOVAL_ASKED, asset),
        why_kept=holds.reason_to_keep(asset, today),
        steps=custody.steps_of(asset),
    )
