"""Questions about what people said; every one begins with what the person may read."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import may
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.feedback.models import (
    Comment,
    FieldWin,
    Flag,
    FlagOutcome,
    Rating,
    Suggestion,
    SuggestionState,
)
from contentlib.feedback.reach import readable, was_seen
from contentlib.library.models import Asset, AssetVersion, Status
from contentlib.library.queries import get_asset
from contentlib.library.shelf import answered_by
from contentlib.library.standing import visible_to

T = TypeVar("T", Comment, Suggestion, Flag, FieldWin)

# As much is shown on a page; an editor's export has all of it.
MOST = 100
# So many people must say that a material is outdated before search believes them.
DOUBTED_BY = 2


def said(kind: type[T], user: User, asset: Asset) -> Select[Any]:
    """Select what was said of a material as far as a person may read it, the youngest first."""
    return (
        select(kind)
        .where(kind.asset_id == asset.id, readable(kind, user.role), _is_there(kind, user))
        .options(joinedload(kind.version))
        .order_by(kind.said_at.desc(), kind.id.desc())
    )


def _is_there(kind: Any, user: User) -> ColumnElement[bool]:
    """Return the condition for what others did not take back; a rejection is nobody else's matter.

    A comment that was answered before it was taken back keeps its place, without its words.
    """
    if kind is Comment:
        reply = aliased(Comment)
        answered = select(reply.id).where(reply.parent_id == Comment.id, reply.removed_at.is_(None))
        there = or_(Comment.removed_at.is_(None), answered.exists())
    elif kind is Suggestion:
        hidden = [SuggestionState.WITHDRAWN]
        if not may(user, "feedback.decide"):
            hidden.append(SuggestionState.REJECTED)
        there = Suggestion.state.not_in(hidden)
    elif kind is Flag:
        there = _is_not_withdrawn()
    else:
        there = FieldWin.withdrawn_at.is_(None)
    return or_(kind.by_id == user.id, there)


def get_said(kind: type[T], user: User, asset_id: int, row_id: int, today: date) -> T:
    """Return one thing that was said of a material, or say that there is none for this person."""
    asset = get_asset(user, asset_id, today)
    row: T | None = db.session.scalars(said(kind, user, asset).where(kind.id == row_id)).first()
    if row is None:
        raise Absent
    return row


def threads(user: User, asset: Asset) -> Sequence[Comment]:
    """Return the comments on a material with their answers, the youngest first."""
    rows = said(Comment, user, asset).where(Comment.parent_id.is_(None))
    options = (
        selectinload(Comment.answers).joinedload(Comment.by),
        selectinload(Comment.answers).joinedload(Comment.version),
        selectinload(Comment.answers).selectinload(Comment.before),
        selectinload(Comment.before),
        joinedload(Comment.resolved_by),
    )
    found = db.session.scalars(rows.options(*options).limit(MOST)).unique()
    return [one for one in found if one.removed_at is None or one.standing_answers]


def suggestions(user: User, asset: Asset) -> Sequence[Suggestion]:
    """Return the suggested changes: open ones first, declined ones only where they concern one."""
    rows = said(Suggestion, user, asset).where(Suggestion.state != SuggestionState.WITHDRAWN)
    first = case((Suggestion.state == SuggestionState.OPEN, 0), else_=1)
    options = joinedload(Suggestion.taken_up), joinedload(Suggestion.decided_by)
    ordered = rows.order_by(None).order_by(first, Suggestion.said_at.desc(), Suggestion.id.desc())
    return db.session.scalars(ordered.options(*options).limit(MOST)).all()


def flags(user: User, asset: Asset) -> Sequence[Flag]:
    """Return what was flagged and not taken back by who did it: open flags first."""
    first = case((Flag.resolved_at.is_(None), 0), else_=1)
    rows = said(Flag, user, asset).where(_is_not_withdrawn())
    options = joinedload(Flag.fixed_by), joinedload(Flag.resolved_by)
    ordered = rows.order_by(None).order_by(first, Flag.said_at.desc(), Flag.id.desc())
    return db.session.scalars(ordered.options(*options).limit(MOST)).all()


def _is_not_withdrawn() -> ColumnElement[bool]:
    return or_(Flag.outcome.is_(None), Flag.outcome != FlagOutcome.WITHDRAWN)


def wins(user: User, asset: Asset, limit: int = MOST) -> Sequence[FieldWin]:
    """Return the field wins of a material, the youngest first; a hidden deal has no name there."""
    rows = said(FieldWin, user, asset).where(FieldWin.withdrawn_at.is_(None))
    options = joinedload(FieldWin.stage_before), joinedload(FieldWin.stage_after)
    return db.session.scalars(rows.options(*options).limit(limit)).all()


def rating_counts(version: AssetVersion) -> tuple[int, int]:
    """Return how many people a version helps, and how many it does not."""
    rows = db.session.execute(
        select(Rating.helps, func.count(Rating.id))
        .where(Rating.version_id == version.id)
        .group_by(Rating.helps)
    )
    counts = dict(rows.all())
    return counts.get(True, 0), counts.get(False, 0)


def reasons_given(version: AssetVersion) -> Sequence[Rating]:
    """Return the ratings of a version that say why, those it does not help first; never by whom."""
    told = or_(Rating.reason != "", Rating.text != "")
    rows = select(Rating).where(Rating.version_id == version.id, told)
    ordered = rows.order_by(Rating.helps, Rating.said_at.desc(), Rating.id.desc())
    return db.session.scalars(ordered.limit(MOST)).all()


def flagged(ids: Sequence[int], role: Role) -> dict[int, int]:
    """Return by how many people each of some materials is called outdated, as a role may read."""
    return dict(
        db.session.execute(_people().where(Flag.asset_id.in_(ids), readable(Flag, role))).all()
    )


def doubted() -> frozenset[int]:
    """Return the materials that several people call outdated; one person counts once."""
    rows = _people().where(was_seen(Flag.version_id))
    several = func.count(Flag.by_id.distinct()) >= DOUBTED_BY
    return frozenset(asset_id for asset_id, _count in db.session.execute(rows.having(several)))


def _people() -> Select[int, int]:
    people = func.count(Flag.by_id.distinct())
    return select(Flag.asset_id, people).where(Flag.resolved_at.is_(None)).group_by(Flag.asset_id)


def flags_waiting(user: User, today: date) -> Select[Any]:
    """Select the open flags on materials that a person answers for, the oldest first."""
    rows = _waiting(Flag, user, today).where(Flag.resolved_at.is_(None))
    return rows.order_by(Flag.said_at, Flag.id)


def suggestions_waiting(user: User, today: date) -> Select[Any]:
    """Select the open suggestions on materials that a person answers for, the oldest first."""
    rows = _waiting(Suggestion, user, today).where(Suggestion.state == SuggestionState.OPEN)
    return rows.order_by(Suggestion.said_at, Suggestion.id)


def _waiting(kind: Any, user: User, today: date) -> Select[Any]:
    """Select what others said of the materials that somebody answers for and may see."""
    rows = select(kind).join(Asset, Asset.id == kind.asset_id).options(joinedload(kind.asset))
    there = visible_to(user.role, today), Asset.status != Status.ARCHIVED
    return rows.where(answered_by(user.id), *there, readable(kind, user.role))
