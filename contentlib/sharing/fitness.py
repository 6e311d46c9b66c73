"""Whether a material may be sent to a buyer, and what a live link shows of it at this moment."""

from datetime import date

from contentlib.core.errors import N_
from contentlib.library.care.withheld import is_fit
from contentlib.library.models import Asset, AssetVersion, Audience, Status
from contentlib.sharing.models import Follows, ShareItem, ShareLink

INTERNAL = N_("“%(title)s” is for internal use only.")
NOT_PUBLISHED = N_("“%(title)s” is not published.")
EXPIRED = N_("“%(title)s” has expired.")
WITHHELD = N_("The file of “%(title)s” cannot be handed out at present.")


def why_not(asset: Asset, today: date) -> str | None:
    """Return the sentence why a material cannot be sent, with a place for its title, or nothing."""
    if asset.audience is not Audience.SHAREABLE:
        return INTERNAL
    if asset.status is not Status.PUBLISHED or asset.published_version is None:
        return NOT_PUBLISHED
    if asset.valid_until is not None and asset.valid_until < today:
        return EXPIRED
    return None if is_fit(asset.published_version) else WITHHELD


def version_of(link: ShareLink, item: ShareItem) -> AssetVersion:
    """Return the version that a link means by one of its materials, gone or not."""
    if link.follows is Follows.PINNED:
        return item.version
    return item.asset.published_version or item.version


def version_shown(link: ShareLink, item: ShareItem, today: date) -> AssetVersion | None:
    """Return what a link shows of one of its materials today, or nothing if it is gone."""
    if why_not(item.asset, today) not in (None, WITHHELD):
        return None
    version = version_of(link, item)
    return version if is_fit(version) else None


def is_behind(link: ShareLink, item: ShareItem) -> bool:
    """Tell whether a link stays with another version of a material than sellers see."""
    live = item.asset.published_version_id
    return link.follows is Follows.PINNED and live is not None and live != item.version_id


def page_count(link: ShareLink, item: ShareItem) -> int:
    """Return how many pages the version that a link means has; what has none counts as one."""
    blob = version_of(link, item).blob
    return (blob.page_count if blob else None) or 1
