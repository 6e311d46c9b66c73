"""What the page of a version shows: it beside the one that sellers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from contentlib.accounts.models import User
from contentlib.library.care.keeping import Keeping, keeping_of
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.release.comparing import Comparison, compare
from contentlib.library.release.page import Release, release_of
from contentlib.library.written import passages

# As many pages are put beside each other; who wants all of them opens the file.
MOST_PAIRS = 30
# As many pages have their words compared.
MOST_PAGES = 300


@dataclass(frozen=True)
class VersionPage:
    """A version as a keeper of the library sees it, and what it is compared with, if anything."""

    asset: Asset
    version: AssetVersion
    other: AssetVersion | None
    text: Comparison | None
    pairs: Sequence[tuple[int | None, int | None]]
    release: Release
    keeping: Keeping | None

    @property
    def is_working(self) -> bool:
        """Tell whether the worker has still to read or paint one of the two files."""
        blobs = [one.blob for one in (self.version, self.other) if one and one.blob]
        return any(blob.is_working for blob in blobs)


def version_page(user: User, version: AssetVersion, today: date) -> VersionPage:
    """Gather what is shown of a version.

    It is compared with the version that sellers see; that one with the version before it.
    """
    asset = version.asset
    other = asset.published_version
    if other is None or other is version:
        before = [one for one in asset.versions if one.number < version.number]
        other = before[-1] if before else None
    return VersionPage(
        asset=asset,
        version=version,
        other=other,
        text=compare(_pages(other), _pages(version)) if other else None,
        pairs=_pairs(other, version) if other else (),
        release=release_of(asset, version, user),
        keeping=keeping_of(asset, user, today),
    )


def _pages(version: AssetVersion) -> list[tuple[int, str]]:
    """Return the text of a version by page; what is written here has its passages for pages."""
    if version.blob is not None:
        return [(page.number, page.text) for page in version.blob.pages[:MOST_PAGES]]
    texts = [version.url] if version.url else passages(version.body)
    return list(enumerate(texts, 1))


def _pairs(old: AssetVersion, new: AssetVersion) -> list[tuple[int | None, int | None]]:
    """Return the numbers of the page pictures that stand beside each other."""
    counts = [one.blob.preview_count if one.blob else 0 for one in (old, new)]
    before, after = (range(1, min(count, MOST_PAIRS) + 1) for count in counts)
    return list(zip_longest(before, after))
