"""Questions about requests; what a person may see comes first in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.deals.models import Deal
from contentlib.deals.queries import may_see as may_see_deal
from contentlib.library.models import Asset, Status
from contentlib.library.queries import visible
from contentlib.library.standing import STAFF
from contentlib.requests.likeness import most_alike
from contentlib.requests.models import (
    OPEN,
    ContentRequest,
    ContentRequestComment,
    ContentRequestJoined,
    State,
)

MOST_COMPARED = 500
MOST_ALIKE = 3
MOST_DRAFTS = 50
NEWS_FOR = timedelta(days=14)


def answers_requests(user: User) -> bool:
    """Tell whether a person is one of those who are asked."""
    return user.role in STAFF


def waits(user: User) -> ColumnElement[bool]:
    """Return the condition for requests that a person asked or joined."""
    mine = select(ContentRequestJoined.request_id).where(ContentRequestJoined.user_id == user.id)
    return ContentRequest.id.in_(mine)


def shown_to(user: User) -> Select[ContentRequest]:
    """Select what a person may see: who is asked, everything; others, their own and open ones."""
    rows = select(ContentRequest)
    if answers_requests(user):
        return rows
    return rows.where(or_(waits(user), ContentRequest.state.in_(OPEN)))


def listed(user: User, tab: str) -> Select[ContentRequest]:
    """Select one of the lists: `open`, where most wait first; `answered`; or `mine`."""
    rows = shown_to(user).options(
        joinedload(ContentRequest.asked_by),
        joinedload(ContentRequest.decided_by),
        joinedload(ContentRequest.asset),
        joinedload(ContentRequest.assigned_to),
        selectinload(ContentRequest.waiting),
        selectinload(ContentRequest.steps),
    )
    if tab == "open":
        return rows.where(ContentRequest.state.in_(OPEN)).order_by(
            _number_waiting().desc(), ContentRequest.asked_at, ContentRequest.id
        )
    latest = func.coalesce(ContentRequest.decided_at, ContentRequest.asked_at).desc()
    answered = ContentRequest.state.in_((State.DELIVERED, State.DECLINED))
    chosen = waits(user) if tab == "mine" else answered
    return rows.where(chosen).order_by(latest, ContentRequest.id.desc())


def counts(user: User) -> dict[str, int]:
    """Return how many requests each list has."""
    return {
        tab: db.session.scalar(
            select(func.count()).select_from(
                listed(user, tab).order_by(None).with_only_columns(ContentRequest.id).subquery()
            )
        )
        or 0
        for tab in ("open", "mine", "answered")
    }


def get_request(user: User, request_id: int) -> ContentRequest:
    """Return a request, or say that there is none for this person."""
    row = db.session.scalars(shown_to(user).where(ContentRequest.id == request_id)).first()
    if row is None:
        raise Absent
    return row


def merged_into(request_id: int) -> int | None:
    """Return where a request went that asked for the same as another, as far as that goes on."""
    found, seen = None, {request_id}
    while True:
        wanted = select(ContentRequest.merged_into_id).where(ContentRequest.id == request_id)
        target = db.session.scalars(wanted).first()
        if target is None or target in seen:
            return found
        found = request_id = target
        seen.add(target)


def comments_on(row: ContentRequest) -> Sequence[ContentRequestComment]:
    """Return what was said of a request, in order."""
    said = select(ContentRequestComment).where(ContentRequestComment.request_id == row.id)
    said = said.options(joinedload(ContentRequestComment.by))
    return db.session.scalars(
        said.order_by(ContentRequestComment.at, ContentRequestComment.id)
    ).all()


def drafts_to_link(row: ContentRequest) -> Sequence[Asset]:
    """Return the materials that may be what is being made for a request, the youngest first."""
    drafts = select(Asset).where(or_(Asset.status == Status.DRAFT, Asset.id == row.draft_id))
    rows = drafts.order_by(Asset.updated_at.desc(), Asset.id.desc()).limit(MOST_DRAFTS)
    return db.session.scalars(rows).unique().all()


def open_by_state(user: User) -> dict[State, Sequence[ContentRequest]]:
    """Return the open requests by their state, those that most wait for first."""
    rows = db.session.scalars(listed(user, "open").limit(MOST_COMPARED)).unique().all()
    return {state: [row for row in rows if row.state is state] for state in OPEN}


def similar_to(text: str, but: int = 0) -> Sequence[ContentRequest]:
    """Return open requests that may well mean the same, the most alike first."""
    rows = db.session.scalars(
        select(ContentRequest)
        .where(ContentRequest.state.in_(OPEN), ContentRequest.id != but)
        .options(selectinload(ContentRequest.waiting))
        .order_by(ContentRequest.asked_at.desc())
        .limit(MOST_COMPARED)
    )
    return most_alike(text, ((row, f"{row.title} {row.words}") for row in rows), MOST_ALIKE)


@dataclass(frozen=True)
class Reach:
    """Which deals and materials of some requests a person may open."""

    deals: frozenset[int]
    assets: frozenset[int]


def reach_of(user: User, rows: Sequence[ContentRequest], today: date) -> Reach:
    """Return what a person may open of that which some requests name."""
    deals = select(Deal.id).where(
        may_see_deal(user), Deal.id.in_({row.deal_id for row in rows if row.deal_id})
    )
    assets = visible(user, today).where(
        Asset.id.in_({row.asset_id for row in rows if row.asset_id})
    )
    return Reach(
        frozenset(db.session.scalars(deals)),
        frozenset(db.session.scalars(assets.with_only_columns(Asset.id))),
    )


def answered_for(user: User, now: datetime) -> Select[ContentRequest]:
    """Select what a person waited for and has not seen the answer of, the youngest first."""
    unseen = select(ContentRequestJoined.request_id).where(
        ContentRequestJoined.user_id == user.id,
        or_(
            ContentRequestJoined.seen_at.is_(None),
            ContentRequestJoined.seen_at < ContentRequest.decided_at,
        ),
    )
    return (
        select(ContentRequest)
        .where(
            ContentRequest.state.in_((State.DELIVERED, State.DECLINED)),
            ContentRequest.decided_at >= now - NEWS_FOR,
            ContentRequest.id.in_(unseen.correlate(ContentRequest)),
        )
        .order_by(ContentRequest.decided_at.desc(), ContentRequest.id.desc())
    )


def waiting_for_marketing() -> Select[ContentRequest]:
    """Select the requests that nobody has taken up yet, those that most wait for first."""
    return (
        select(ContentRequest)
        .where(ContentRequest.state == State.NEW)
        .options(selectinload(ContentRequest.waiting), joinedload(ContentRequest.asked_by))
        .order_by(_number_waiting().desc(), ContentRequest.asked_at, ContentRequest.id)
    )


def _number_waiting() -> ColumnElement[int]:
    return (
        select(func.count())
        .where(ContentRequestJoined.request_id == ContentRequest.id)
        .correlate(ContentRequest)
        .scalar_subquery()
    )
