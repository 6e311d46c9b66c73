"""Who read something lately of what one person sent, or of what was sent on their deals."""

from datetime import datetime

from sqlalchemy import Select, select, union
from sqlalchemy.orm import joinedload, selectinload

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.library.models import Asset, AssetVersion
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.queries import may_see
from contentlib.sharing.visits.classify import is_reading
from contentlib.sharing.visits.models import Visit, VisitClass
from contentlib.sharing.visits.queries import MOST_SHOWN, Session, sessions_of


def read_since(user: User, since: datetime, most: int) -> tuple[list[Session], int]:
    """Return the youngest readings by people since a moment, and how many there are in all.

    What counts as reading is what counts as evidence: three seconds, or pages fetched at a reading
    pace. Links that their maker may no longer see are left out, like their pages.
    """
    visits = [
        visit
        for visit in db.session.scalars(_visits(user, since))
        if is_reading(visit.visit_class, visit.reasons, visit.active_ms)
    ]
    wanted = {visit.id for visit in visits[:most]}
    if not wanted:
        return [], 0
    ids = {visit.link_id for visit in visits[:most]}
    # Whose reading it is shows only beside the earlier visits by the same link.
    sessions = sessions_of(db.session.scalars(_with_words(ids)).all())
    return [session for session in sessions if session.visit.id in wanted], len(visits)


def _visits(user: User, since: datetime) -> Select[Visit]:
    # Two sets made one, so that each is found by its own index.
    mine = select(ShareLink.id).where(ShareLink.by_id == user.id)
    on_mine = select(ShareLink.id).join(Deal, Deal.id == ShareLink.deal_id)
    concerning = union(mine, on_mine.where(Deal.owner_id == user.id)).subquery()
    return (
        select(Visit)
        .join(ShareLink, ShareLink.id == Visit.link_id)
        .where(ShareLink.id.in_(select(concerning.c.id)), may_see(user))
        .where(Visit.visit_class == VisitClass.HUMAN, Visit.started_at >= since)
        .order_by(Visit.started_at.desc(), Visit.id.desc())
        .limit(MOST_SHOWN)
    )


def _with_words(ids: set[int]) -> Select[ShareLink]:
    """Select links with all that a line about a reading says of them."""
    items = selectinload(ShareLink.items)
    asset = items.joinedload(ShareItem.asset)
    return (
        select(ShareLink)
        .where(ShareLink.id.in_(ids))
        .options(
            joinedload(ShareLink.deal),
            items.joinedload(ShareItem.version).joinedload(AssetVersion.blob),
            asset.joinedload(Asset.published_version).joinedload(AssetVersion.blob),
        )
    )
