"""What waits for a person today; each question answers only with what that person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.queries import may_see
from contentlib.deals.retros.coverage import Coverage, coverage
from contentlib.deals.waiting import lately_closed, without_content, without_retro
from contentlib.jobs.models import Job, JobState
from contentlib.library.models import Asset, Status, asset_stage
from contentlib.library.queries import visible
from contentlib.library.shelf import answered_by, review_due, unread
from contentlib.library.taxonomy import Stage

MOST = 5
NEW_FOR = timedelta(days=14)
WAITING_LONG = timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """The first rows of an answer, and how many there are in all."""

    rows: Sequence[Any]
    total: int


def first_of(statement: Any, most: int = MOST) -> Found:
    """Return the first rows of a statement, and how many there are in all."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    return Found(db.session.scalars(statement.limit(most)).unique().all(), total or 0)


def deals_without_content(user: User, day: date) -> Found:
    """Return one's own open deals that close soon and on which no content was recorded as used."""
    return first_of(
        select(Deal)
        .where(Deal.owner_id == user.id, *without_content(day))
        .order_by(Deal.expected_close.is_(None), Deal.expected_close, Deal.amount_minor.desc())
    )


def retros_of(user: User, now: datetime) -> Found:
    """Return one's own deals closed in ninety days that still lack a retro."""
    return first_of(
        select(Deal)
        .where(Deal.owner_id == user.id, *without_retro(now))
        .order_by(Deal.closed_at.desc())
    )


def new_for_my_deals(user: User, day: date, now: datetime) -> Found:
    """Return what was lately published or verified for the stages of one's own open deals."""
    helping = select(asset_stage.c.asset_id).where(asset_stage.c.stage_id.in_(_my_stages(user)))
    since = now - NEW_FOR
    return first_of(
        visible(user, day)
        .where(Asset.status == Status.PUBLISHED, Asset.id.in_(helping))
        .where(or_(Asset.published_at >= since, Asset.verified_at >= since))
        .options(selectinload(Asset.stages))
        .order_by(func.coalesce(Asset.verified_at, Asset.published_at).desc(), Asset.id.desc())
    )


def stages_of(user: User) -> Sequence[str]:
    """Return the stages of one's own open deals, by key."""
    stages = select(Stage.key).where(Stage.id.in_(_my_stages(user))).order_by(Stage.position)
    return db.session.scalars(stages).all()


def has_deals(user: User) -> bool:
    """Tell whether a person may see any deal at all."""
    some = select(Deal.id).where(may_see(user)).limit(1)
    return db.session.scalars(some).first() is not None


def reviews_due(user: User, day: date) -> Found:
    """Return the published materials one answers for whose review is due within a week."""
    return first_of(
        select(Asset)
        .where(answered_by(user.id), review_due(day))
        .order_by(Asset.review_due, Asset.id)
    )


def drafts_of(user: User) -> Found:
    """Return the drafts one answers for."""
    drafts = select(Asset).where(answered_by(user.id), Asset.status == Status.DRAFT)
    return first_of(drafts.order_by(Asset.updated_at.desc()))


def unread_files() -> Found:
    """Return the materials whose words could not be read, so that search cannot find them."""
    return first_of(
        select(Asset)
        .where(unread())
        .options(selectinload(Asset.published_version))
        .order_by(Asset.updated_at.desc())
    )


def closed_without_retro(user: User, now: datetime) -> Sequence[Deal]:
    """Return the largest deals of ninety days whose sellers did not say what helped."""
    rows = (
        select(Deal)
        .where(may_see(user), *without_retro(now))
        .order_by(Deal.amount_minor.desc(), Deal.id)
    )
    return db.session.scalars(rows.limit(MOST)).unique().all()


def value_without_retro(user: User, now: datetime) -> list[Coverage]:
    """Return how much of what was closed in ninety days has a retro, by currency."""
    return coverage(may_see(user), *lately_closed(now))


def troubled_jobs(now: datetime) -> tuple[int, int]:
    """Return how many jobs failed for good, and how many are due for more than ten minutes."""
    dead = select(func.count(Job.id)).where(Job.state == JobState.DEAD)
    late = select(func.count(Job.id)).where(
        Job.state == JobState.QUEUED, Job.run_after < now - WAITING_LONG
    )
    return db.session.scalar(dead) or 0, db.session.scalar(late) or 0


def _my_stages(user: User) -> Select[int]:
    return select(Deal.stage_id).where(Deal.owner_id == user.id, Deal.outcome == Outcome.OPEN)
