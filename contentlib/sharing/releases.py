"""What a new version means for sellers: which of their live links show it, which stay behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion, ReleaseStep
from contentlib.notifications.service import tell
from contentlib.sharing import queries
from contentlib.sharing.fitness import why_not
from contentlib.sharing.models import Follows, ShareLink

UPDATED = "share.updated"
# The parts of its facts that say whom links are for.
PARTS = ("following", "staying")
# As many links are named in a piece of news; the others are counted.
MOST_NAMED = 5


@dataclass(frozen=True)
class Concern:
    """The live links that one person answers for, by what a version means for them."""

    person: User
    following: list[ShareLink] = field(default_factory=list)
    staying: list[ShareLink] = field(default_factory=list)

    @property
    def links(self) -> list[ShareLink]:
        """Return all of them."""
        return [*self.following, *self.staying]


def concerns(
    links: Sequence[ShareLink], asset_id: int, version: AssetVersion | None
) -> list[Concern]:
    """Sort live links of a material by who answers for them and by what a version means for them.

    One that was made with just this version shows it whatever happens, so it is left out.
    """
    keepers, found = keepers_of(links), dict[int, Concern]()
    for link in links:
        keeper = keepers.get(link.id)
        if keeper is None or (version is not None and _has_it_already(link, asset_id, version)):
            continue
        concern = found.setdefault(keeper.id, Concern(keeper))
        (concern.following if link.follows is Follows.LATEST else concern.staying).append(link)
    return list(found.values())


def keepers_of(links: Iterable[ShareLink]) -> dict[int, User]:
    """Return by link who answers for it, if anybody still does.

    That is who made it; once they have left, or no longer see it, it is the owner of its deal.
    """
    rows, found = list(links), dict[int, User]()
    for maker in {link.by for link in rows if link.by.active}:
        own = [link.id for link in rows if link.by_id == maker.id]
        seen = select(ShareLink.id).where(ShareLink.id.in_(own), queries.may_see(maker))
        found |= dict.fromkeys(db.session.scalars(seen), maker)
    for link in rows:
        owner = link.deal.owner if link.deal else None
        if link.id not in found and owner is not None and owner.active:
            found[link.id] = owner
    return found


def tell_sellers(step_id: int) -> None:
    """Tell each seller, once, of a version that was released while their links are live.

    What is no longer so by now is not told: a version that was replaced or taken back meanwhile, a
    material that no buyer finds, a link that has ended. Who released it knows it.
    """
    step = db.session.get_one(ReleaseStep, step_id)
    version = step.version
    if version is None or version.asset.published_version_id != version.id:
        return
    if why_not(version.asset, firm_today()) is not None:
        return
    links = db.session.scalars(queries.live_links(version.asset_id)).all()
    for concern in concerns(links, version.asset_id, version):
        if concern.person.id != step.by_id:
            tell(
                concern.person.id,
                UPDATED,
                key=f"{UPDATED}:{step.id}",
                address=_address(concern, version.asset_id),
                facts=_facts(concern, version, step),
            )


def _has_it_already(link: ShareLink, asset_id: int, version: AssetVersion) -> bool:
    """Tell whether a link stays with just this version."""
    made_with = {item.version_id for item in link.items if item.asset_id == asset_id}
    return link.follows is Follows.PINNED and version.id in made_with


def _address(concern: Concern, asset_id: int) -> str:
    if len(concern.links) == 1:
        return f"/links/{concern.links[0].id}"
    return f"/links?asset={asset_id}"


def _facts(concern: Concern, version: AssetVersion, step: ReleaseStep) -> dict[str, Any]:
    # Only a way back has a reason at this step.
    return {
        "asset": version.asset.title,
        "version": version.number,
        "note": step.note or version.change_note,
        "is_back": bool(step.note),
        "following": _named(concern.following),
        "staying": _named(concern.staying),
        "following_more": max(len(concern.following) - MOST_NAMED, 0),
        "staying_more": max(len(concern.staying) - MOST_NAMED, 0),
    }


def _named(links: Sequence[ShareLink]) -> list[dict[str, Any]]:
    """Return whom links are for, with their numbers, by which a reader can be erased here too."""
    return [
        {"link": link.id, "recipient": link.recipient_name or link.recipient_email or ""}
        for link in links[:MOST_NAMED]
    ]
