"""What the page of a suggested change shows: what it changes, and whether it still fits."""

from collections.abc import Mapping
from dataclasses import dataclass

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.feedback.joining import Joined
from contentlib.feedback.models import Suggestion
from contentlib.feedback.suggestions import joined
from contentlib.feedback.words import words_of
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.release.comparing import Comparison, compare
from contentlib.library.release.service import may_publish_own


@dataclass(frozen=True)
class SuggestionPage:
    """A suggestion as one person sees it."""

    suggestion: Suggestion
    latest: AssetVersion
    # What it changes in the version it was made from, by part.
    changes: Mapping[str, Comparison]
    # What others changed since, where the latest version is another one.
    since: Mapping[str, Comparison]
    ready: Joined | None
    decides: bool
    publishes: bool
    is_mine: bool

    @property
    def asset(self) -> Asset:
        """Return the material it is about."""
        return self.suggestion.asset

    @property
    def is_late(self) -> bool:
        """Tell whether the material was changed since it was suggested."""
        return self.latest.number > self.suggestion.version.number

    @property
    def has_conflict(self) -> bool:
        """Tell whether both changed the same lines."""
        return self.ready is not None and bool(self.ready.conflicts)

    @property
    def is_gone(self) -> bool:
        """Tell whether the words it was made from were removed for good."""
        return self.suggestion.version.removed_at is not None


def suggestion_page(user: User, row: Suggestion) -> SuggestionPage:
    """Gather what is shown of a suggestion to a person.

    Only who decides on it sees versions that sellers do not see yet.
    """
    decides = may(user, "feedback.decide")
    latest = _latest(row) if decides else row.asset.published_version or row.version
    base = words_of(row.version)
    is_late = latest.number > row.version.number
    since = words_of(latest) if is_late and row.words is not None else None
    return SuggestionPage(
        suggestion=row,
        latest=latest,
        changes=_compared(base, row.words),
        since=_compared(base, since),
        ready=joined(row, latest) if decides and row.is_open else None,
        decides=decides,
        publishes=decides and may_publish_own(row.asset, user),
        is_mine=row.by_id == user.id,
    )


def _latest(row: Suggestion) -> AssetVersion:
    return row.asset.versions[-1]


def _compared(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> dict[str, Comparison]:
    """Compare two texts part by part, leaving out the parts that are the same."""
    if before is None or after is None:
        return {}
    pairs = {part: (before.get(part, ""), text) for part, text in after.items()}
    return {
        part: compare([(1, old)], [(1, new)]) for part, (old, new) in pairs.items() if old != new
    }
