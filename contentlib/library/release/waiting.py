"""Versions that wait for somebody: for an approver's word, or for their author to read it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.library.models import Asset, AssetVersion, ReleaseStep, Status
from contentlib.library.release.rules import Approval, Step

# What needs nothing more of the author is told for so long.
TOLD_FOR = timedelta(days=14)


def waiting_for(user: User, policy: Approval) -> Select[ReleaseStep]:
    """Select the requests for an approval that a person can answer, the oldest first."""
    mine = _may_approve(user.id, policy) if may(user, "asset.approve") else false()
    return _last_steps().where(is_waiting(), mine).order_by(ReleaseStep.id)


def decided_for(user: User, now: datetime) -> Select[ReleaseStep]:
    """Select what others decided of the versions a person made, the latest first.

    A version that goes no further is told of until there is a newer one.
    """
    newer = aliased(AssetVersion)
    waits = ReleaseStep.step.in_([Step.APPROVED, Step.REJECTED])
    told = and_(
        ReleaseStep.step.in_([Step.PUBLISHED, Step.ROLLED_BACK]), ReleaseStep.at >= now - TOLD_FOR
    )
    latest = ~(
        select(newer.id)
        .where(newer.asset_id == AssetVersion.asset_id, newer.number > AssetVersion.number)
        .exists()
    )
    return (
        _last_steps()
        .where(AssetVersion.created_by_id == user.id, ReleaseStep.by_id.is_distinct_from(user.id))
        .where(or_(waits, told), latest)
        .order_by(ReleaseStep.id.desc())
    )


def is_waiting() -> ColumnElement[bool]:
    """Return the condition for a step that asks for an approval nobody has answered yet."""
    return and_(ReleaseStep.step == Step.SUBMITTED, _is_last())


def has_waiting() -> ColumnElement[bool]:
    """Return the condition for a material of which some version waits for an approval."""
    asks = select(ReleaseStep.id).where(ReleaseStep.asset_id == Asset.id, is_waiting())
    return and_(Asset.status != Status.ARCHIVED, asks.exists())


def _last_steps() -> Select[ReleaseStep]:
    """Select the last step of each version of materials that are not archived."""
    return (
        select(ReleaseStep)
        .join(ReleaseStep.version)
        .join(AssetVersion.asset)
        .where(Asset.status != Status.ARCHIVED, _is_last())
        .options(
            joinedload(ReleaseStep.by),
            contains_eager(ReleaseStep.version).contains_eager(AssetVersion.asset),
        )
    )


def _is_last() -> ColumnElement[bool]:
    later = aliased(ReleaseStep)
    same = later.asset_version_id == ReleaseStep.asset_version_id
    return ~select(later.id).where(same, later.id > ReleaseStep.id).exists()


def _may_approve(user_id: int, policy: Approval) -> ColumnElement[bool]:
    """Return the rule of `release.may_approve` for the database."""
    author, approver = AssetVersion.created_by_id, Asset.approver_id
    is_me = and_(approver.is_not(None), approver == user_id)
    if policy is Approval.NAMED:
        return is_me
    gives_way = or_(approver.is_(None), approver.is_not_distinct_from(author))
    return or_(
        and_(~gives_way, is_me),
        and_(gives_way, author.is_distinct_from(user_id)),
    )
