"""What the pages of a material show its keepers of the way its versions take to sellers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.library.models import Asset, AssetVersion, ReleaseStep, Status
from contentlib.library.release import rules
from contentlib.library.release.history import (
    parties_of,
    state_of,
    states_of,
    steps_of,
    taken_back,
)
from contentlib.library.release.policy import approval_policy
from contentlib.library.release.rules import Offers, State

# A version in one of these has its way to sellers still before it.
ON_ITS_WAY = frozenset({State.DRAFT, State.SUBMITTED, State.APPROVED, State.REJECTED})


@dataclass(frozen=True)
class Release:
    """The steps of a material and where each version stands, for one person.

    `subject` is the version that the page speaks of: the one looked at, or else the newest that
    has its way to sellers still before it.
    """

    steps: Sequence[ReleaseStep]
    states: Mapping[int, State]
    subject: AssetVersion | None
    state: State
    offers: Offers
    word: ReleaseStep | None
    back: AssetVersion | None

    @property
    def reason_back(self) -> str:
        """Return why sellers see an earlier version again."""
        moves = [step for step in self.steps if step.version is self.back]
        return moves[-1].note if moves else ""


def release_of(asset: Asset, looked_at: AssetVersion | None, user: User) -> Release:
    """Gather what is to be told of a material's release to one of its keepers."""
    steps = steps_of(asset)
    states = states_of(asset, steps)
    subject = _subject(asset, looked_at, states)
    words = [step for step in steps if subject and step.asset_version_id == subject.id]
    on_air = asset.status is Status.PUBLISHED
    return Release(
        steps=steps,
        states=states,
        subject=subject,
        state=states[subject.id] if subject else State.DRAFT,
        offers=offers_for(user, subject) if subject else Offers(),
        word=words[-1] if words else None,
        back=taken_back(steps) if on_air else None,
    )


def _subject(
    asset: Asset, looked_at: AssetVersion | None, states: Mapping[int, State]
) -> AssetVersion | None:
    if looked_at is not None and looked_at is not asset.published_version:
        return looked_at
    latest = asset.latest_version
    return latest if latest and states[latest.id] in ON_ITS_WAY else looked_at


def offers_for(user: User, version: AssetVersion) -> Offers:
    """Return what a person can do next with a version."""
    asset = version.asset
    withheld = version.blob is not None and version.blob.is_withheld
    if asset.status is Status.ARCHIVED or withheld or not may(user, "asset.edit"):
        return Offers()
    return rules.offers(
        approval_policy(),
        state_of(version),
        user.id,
        parties_of(version),
        approves=may(user, "asset.approve"),
        on_air=asset.status is Status.PUBLISHED,
    )
