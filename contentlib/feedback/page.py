"""What the part of a material's page that holds its feedback shows, gathered in one place."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.deals.queries import may_see
from contentlib.feedback import queries
from contentlib.feedback.comments import may_change
from contentlib.feedback.models import Comment, FieldWin, Flag, Rating, Suggestion
from contentlib.feedback.ratings import rating_of
from contentlib.feedback.reach import decides
from contentlib.feedback.words import has_words
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.queries import sees_all
from contentlib.library.release.history import steps_of
from contentlib.library.release.rules import Step


@dataclass(frozen=True)
class FeedbackPage:
    """What one person may read of what was said of a material, and what they can do."""

    user: User
    asset: Asset
    version: AssetVersion
    threads: Sequence[Comment]
    suggestions: Sequence[Suggestion]
    flags: Sequence[Flag]
    wins: Sequence[FieldWin]
    helps: tuple[int, int]
    rating: Rating | None
    reasons: Sequence[Rating]
    # Settles comments and flags; decides on suggestions as well.
    settles: bool
    decides: bool
    # The deals of the wins that the person may see.
    deals: frozenset[int]
    # Since when sellers have a version that may answer a flag: those that they saw.
    released: Sequence[AssetVersion]

    @property
    def v(self) -> int | None:
        """Return the number that an address names the version by, if it is not the usual one."""
        return None if self.version is self.asset.shown_version else self.version.number

    @property
    def open_threads(self) -> list[Comment]:
        """Return the comments that are not settled."""
        return [one for one in self.threads if one.resolved_at is None]

    @property
    def settled_threads(self) -> list[Comment]:
        """Return those that are."""
        return [one for one in self.threads if one.resolved_at is not None]

    @property
    def open_suggestions(self) -> list[Suggestion]:
        """Return the suggestions nobody has decided on."""
        return [one for one in self.suggestions if one.is_open]

    @property
    def open_flags(self) -> list[Flag]:
        """Return the flags nobody has answered."""
        return [one for one in self.flags if one.resolved_at is None]

    @property
    def people_who_flag(self) -> int:
        """Return how many people call the material outdated."""
        return len({flag.by_id for flag in self.open_flags})

    @property
    def changes_words(self) -> bool:
        """Tell whether one can suggest other words, and not only leave a note."""
        return has_words(self.version)

    def is_mine(self, row: Comment | Suggestion | Flag | FieldWin) -> bool:
        """Tell whether the person said it themselves."""
        return row.by_id == self.user.id

    def may_change(self, comment: Comment) -> bool:
        """Tell whether the person may still change a comment of theirs."""
        return may_change(comment, self.user)

    def answering(self, flag: Flag) -> list[AssetVersion]:
        """Return the versions that may have set right what was flagged, the youngest first."""
        newer = [one for one in self.released if one.number > flag.version.number]
        return sorted(newer, key=lambda one: -one.number)


def feedback_page(user: User, asset: Asset, version: AssetVersion) -> FeedbackPage:
    """Gather what was said of a material, for a person who has a version of it before them."""
    edits = may(user, "feedback.decide")
    wins = queries.wins(user, asset)
    return FeedbackPage(
        user=user,
        asset=asset,
        version=version,
        threads=queries.threads(user, asset),
        suggestions=queries.suggestions(user, asset),
        flags=queries.flags(user, asset),
        wins=wins,
        helps=queries.rating_counts(version),
        rating=rating_of(version, user),
        reasons=queries.reasons_given(version) if edits else (),
        settles=decides(user, asset),
        decides=edits,
        deals=_seen_deals(user, wins),
        released=_released(asset) if sees_all(user) else _live(asset),
    )


def _seen_deals(user: User, wins: Sequence[FieldWin]) -> frozenset[int]:
    ids = {win.deal_id for win in wins}
    return frozenset(db.session.scalars(select(Deal.id).where(may_see(user), Deal.id.in_(ids))))


def _live(asset: Asset) -> list[AssetVersion]:
    return [asset.published_version] if asset.published_version else []


def _released(asset: Asset) -> list[AssetVersion]:
    """Return the versions that sellers saw at some time, and the one they see."""
    seen = {step.asset_version_id for step in steps_of(asset) if step.step is Step.PUBLISHED}
    return [one for one in asset.versions if one.id in seen or one is asset.published_version]
