"""What waits for a person today; each question answers only with what that person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome, Retro
from contentlib.deals.queries import may_see
from contentlib.jobs.models import Job, JobState
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Blob,
    ExtractionState,
    Status,
    asset_stage,
)
from contentlib.library.queries import visible
from contentlib.library.taxonomy import Stage
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import counting

MOST = 5
CLOSING_SOON = timedelta(days=14)
NEW_FOR = timedelta(days=14)
REVIEW_AHEAD = timedelta(days=7)
RETRO_WINDOW = timedelta(days=90)
LATE_STAGES = ("negotiation", "closing")
UNREAD = (ExtractionState.FAILED, ExtractionState.PASSWORD, ExtractionState.TRUNCATED)
WAITING_LONG = timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """The first rows of an answer, and how many there are in all."""

    rows: Sequence[Any]
    total: int


def _first(statement: Any, most: int = MOST) -> Found:
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    return Found(db.session.scalars(statement.limit(most)).unique().all(), total or 0)


def deals_without_content(user: User, day: date) -> Found:
    """Return one's own open deals that close soon and on which no content was recorded as used.

    Without an expected day, a deal counts as closing soon in its last stages.
    """
    used = counting(UsageEvent.id).where(
        UsageEvent.deal_id == Deal.id, UsageEvent.grade >= Grade.SENT
    )
    soon = or_(
        Deal.expected_close <= day + CLOSING_SOON,
        Deal.expected_close.is_(None) & Deal.stage.has(Stage.key.in_(LATE_STAGES)),
    )
    return _first(
        select(Deal)
        .where(Deal.owner_id == user.id, Deal.outcome == Outcome.OPEN, soon, ~used.exists())
        .order_by(Deal.expected_close.is_(None), Deal.expected_close, Deal.amount_minor.desc())
    )


def retros_of(user: User, now: datetime) -> Found:
    """Return one's own deals closed in ninety days that still lack a retro."""
    return _first(
        select(Deal)
        .where(Deal.owner_id == user.id, *_lately_closed(now), ~_answered().exists())
        .order_by(Deal.closed_at.desc())
    )


def new_for_my_deals(user: User, day: date, now: datetime) -> Found:
    """Return what was lately published or verified for the stages of one's own open deals."""
    stages = select(Deal.stage_id).where(Deal.owner_id == user.id, Deal.outcome == Outcome.OPEN)
    helping = select(asset_stage.c.asset_id).where(asset_stage.c.stage_id.in_(stages))
    since = now - NEW_FOR
    return _first(
        visible(user, day)
        .where(Asset.status == Status.PUBLISHED, Asset.id.in_(helping))
        .where(or_(Asset.published_at >= since, Asset.verified_at >= since))
        .options(selectinload(Asset.stages))
        .order_by(func.coalesce(Asset.verified_at, Asset.published_at).desc(), Asset.id.desc())
    )


def has_deals(user: User) -> bool:
    """Tell whether a person may see any deal at all."""
    some = select(Deal.id).where(may_see(user)).limit(1)
    return db.session.scalars(some).first() is not None


def reviews_due(user: User, day: date) -> Found:
    """Return the published materials one answers for whose review is due within a week."""
    return _first(
        _mine(user)
        .where(Asset.status == Status.PUBLISHED, Asset.review_due <= day + REVIEW_AHEAD)
        .order_by(Asset.review_due, Asset.id)
    )


def drafts_of(user: User) -> Found:
    """Return the drafts one answers for."""
    return _first(_mine(user).where(Asset.status == Status.DRAFT).order_by(Asset.updated_at.desc()))


def unread_files() -> Found:
    """Return the materials whose words could not be read, so that search cannot find them."""
    return _first(
        select(Asset)
        .join(AssetVersion, AssetVersion.id == Asset.published_version_id)
        .join(Blob, Blob.sha256 == AssetVersion.blob_sha256)
        .where(Asset.status == Status.PUBLISHED, Blob.extraction.in_(UNREAD))
        .options(selectinload(Asset.published_version))
        .order_by(Asset.updated_at.desc())
    )


@dataclass(frozen=True)
class Unanswered:
    """Closed deals of one currency: how many lack a retro, their value, and the value of all."""

    currency: str
    deals: int
    missing: int
    whole: int


def closed_without_retro(user: User, now: datetime) -> Sequence[Deal]:
    """Return the largest deals of ninety days whose sellers did not say what helped."""
    rows = (
        select(Deal)
        .where(may_see(user), *_lately_closed(now), ~_answered().exists())
        .order_by(Deal.amount_minor.desc(), Deal.id)
    )
    return db.session.scalars(rows.limit(MOST)).unique().all()


def value_without_retro(user: User, now: datetime) -> list[Unanswered]:
    """Return what these ninety days still lack, by currency."""
    lacking = ~_answered().exists()
    rows = db.session.execute(
        select(
            Deal.currency,
            func.count(Deal.id).filter(lacking),
            func.coalesce(func.sum(Deal.amount_minor).filter(lacking), 0),
            func.sum(Deal.amount_minor),
        )
        .where(may_see(user), *_lately_closed(now))
        .group_by(Deal.currency)
        .order_by(func.count(Deal.id).desc())
    )
    return [Unanswered(money, deals, int(part), int(whole)) for money, deals, part, whole in rows]


def troubled_jobs(now: datetime) -> tuple[int, int]:
    """Return how many jobs failed for good, and how many are due for more than ten minutes."""
    dead = select(func.count(Job.id)).where(Job.state == JobState.DEAD)
    late = select(func.count(Job.id)).where(
        Job.state == JobState.QUEUED, Job.run_after < now - WAITING_LONG
    )
    return db.session.scalar(dead) or 0, db.session.scalar(late) or 0


def _mine(user: User) -> Any:
    return select(Asset).where(or_(Asset.owner_id == user.id, Asset.deputy_id == user.id))


def _answered() -> Any:
    return select(Retro.id).where(Retro.deal_id == Deal.id, Retro.voided_at.is_(None))


def _lately_closed(now: datetime) -> tuple[Any, ...]:
    return (Deal.outcome != Outcome.OPEN, Deal.closed_at >= now - RETRO_WINDOW)
