"""Questions about links; every one begins with what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from contentlib.accounts.models import Role, User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.deals.models import Deal
from contentlib.deals.queries import may_see as may_see_deal
from contentlib.sharing import tokens
from contentlib.sharing.models import ShareItem, ShareLink
from contentlib.sharing.visits.models import Visit, VisitClass

MOST_SHOWN = 200
# Who keeps the library also sees links that belong to no deal, whoever made them.
KEEPERS = frozenset({Role.MARKETER, Role.ADMIN})
STATES = ("active", "expired", "revoked")


@dataclass(frozen=True)
class Opened:
    """How often people opened a link, and when last; machines and colleagues are left out."""

    times: int = 0
    last: datetime | None = None


def may_see(user: User) -> ColumnElement[bool]:
    """Return the condition for links a person may see: with a deal, whoever sees the deal."""
    deals = select(Deal.id).where(may_see_deal(user))
    without: ColumnElement[bool] = ShareLink.deal_id.is_(None)
    if user.role not in KEEPERS:
        without = and_(without, ShareLink.by_id == user.id)
    return or_(ShareLink.deal_id.in_(deals), without)


def get_link(user: User, link_id: int) -> ShareLink:
    """Return a link, or say that there is none for this person."""
    link = db.session.scalars(
        select(ShareLink).where(ShareLink.id == link_id, may_see(user))
    ).first()
    if link is None:
        raise Absent
    return link


def get_links(user: User, ids: Sequence[int]) -> list[ShareLink]:
    """Return those of some links that a person may see, in the given order."""
    found = {link.id: link for link in db.session.scalars(_listed(user, ShareLink.id.in_(ids)))}
    return [found[link_id] for link_id in ids if link_id in found]


def by_token(token: str) -> ShareLink | None:
    """Return the link that a token opens, whatever its state; the row is asked anew each time."""
    return db.session.scalars(
        select(ShareLink)
        .where(ShareLink.token_hash == tokens.hash_of(token))
        .options(selectinload(ShareLink.items).joinedload(ShareItem.asset))
        .execution_options(populate_existing=True)
    ).first()


def is_live(link: ShareLink) -> bool:
    """Tell whether a link opens anything at this moment."""
    return state_of(link) == "active"


def state_of(link: ShareLink) -> str:
    """Return how a link stands at this moment, one of `STATES`."""
    if link.revoked_at is not None:
        return "revoked"
    return "expired" if link.expires_at is not None and link.expires_at <= now() else "active"


def links_of_deal(user: User, deal: Deal) -> Sequence[ShareLink]:
    """Return the links made for a deal, youngest first."""
    return db.session.scalars(_listed(user, ShareLink.deal_id == deal.id).limit(MOST_SHOWN)).all()


def links_of_asset(user: User, asset_id: int) -> Sequence[ShareLink]:
    """Return the links that hold a material, youngest first."""
    rows = _listed(user, _holds(asset_id)).limit(MOST_SHOWN)
    return db.session.scalars(rows).all()


def links_by(user: User, state: str) -> Select[ShareLink]:
    """Select the links that a person made, those of one state or all."""
    statement = _listed(user, ShareLink.by_id == user.id)
    return statement.where(_is(state)) if state in STATES else statement


def links_with(user: User, state: str, asset_id: int) -> Select[ShareLink]:
    """Select the links with a material that a person made or has on deals of their own."""
    own_deals = select(Deal.id).where(Deal.owner_id == user.id)
    own = or_(ShareLink.by_id == user.id, ShareLink.deal_id.in_(own_deals))
    statement = _listed(user, own).where(_holds(asset_id))
    return statement.where(_is(state)) if state in STATES else statement


def live_links(asset_id: int) -> Select[ShareLink]:
    """Select the links by which buyers can reach a material at this moment, whoever made them."""
    return (
        select(ShareLink)
        .where(_holds(asset_id), _is("active"))
        .options(
            selectinload(ShareLink.items), joinedload(ShareLink.by), joinedload(ShareLink.deal)
        )
        .order_by(ShareLink.created_at.desc(), ShareLink.id.desc())
    )


def live_links_of(user: User, asset_id: int) -> Sequence[ShareLink]:
    """Return those of the live links with a material that a person may see."""
    return db.session.scalars(live_links(asset_id).where(may_see(user))).all()


def opened(links: Sequence[ShareLink]) -> dict[int, Opened]:
    """Return for each of some links how people opened it."""
    rows = db.session.execute(
        select(Visit.link_id, func.count(), func.max(Visit.last_at))
        .where(
            Visit.link_id.in_([link.id for link in links]), Visit.visit_class == VisitClass.HUMAN
        )
        .group_by(Visit.link_id)
    )
    counted = {link_id: Opened(times, last) for link_id, times, last in rows}
    return {link.id: counted.get(link.id, Opened()) for link in links}


def _holds(asset_id: int) -> ColumnElement[bool]:
    holding = select(ShareItem.link_id).where(ShareItem.asset_id == asset_id)
    return ShareLink.id.in_(holding)


def _is(state: str) -> ColumnElement[bool]:
    lives = or_(ShareLink.expires_at.is_(None), ShareLink.expires_at > now())
    if state == "revoked":
        return ShareLink.revoked_at.is_not(None)
    return and_(ShareLink.revoked_at.is_(None), lives if state == "active" else ~lives)


def _listed(user: User, condition: ColumnElement[bool]) -> Select[ShareLink]:
    """Select links with what lists show of them, youngest first."""
    return (
        select(ShareLink)
        .where(condition, may_see(user))
        .options(selectinload(ShareLink.items).joinedload(ShareItem.asset))
        .order_by(ShareLink.created_at.desc(), ShareLink.id.desc())
    )
