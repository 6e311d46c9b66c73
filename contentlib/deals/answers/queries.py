"""How often answers worked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.proportion import Proportion
from contentlib.deals.answers.models import AnswerOutcome
from contentlib.library.models import Asset
from contentlib.notifications.models import Notification

YEAR = timedelta(days=365)


def _counting(asset: Asset, since: datetime) -> list[ColumnElement[bool]]:
    return [
        AnswerOutcome.asset_id == asset.id,
        AnswerOutcome.at > since,
        AnswerOutcome.undone_at.is_(None),
    ]


def record_of(asset: Asset) -> Proportion:
    """Return how often an answer worked within a year, of all times that somebody told."""
    worked = func.count(case((AnswerOutcome.worked, 1)))
    told = select(worked, func.count()).where(*_counting(asset, now() - YEAR))
    return Proportion(*db.session.execute(told).one())


def failures_since(asset: Asset, since: datetime) -> int:
    """Count how often an answer failed since a moment."""
    rows = select(func.count()).select_from(AnswerOutcome)
    counted = rows.where(*_counting(asset, since), AnswerOutcome.worked.is_(False))
    return db.session.scalar(counted) or 0


def was_told_since(key_begins: str, since: datetime) -> bool:
    """Tell whether anybody was told news of such a key since a moment."""
    told = select(Notification.id).where(
        Notification.key.startswith(key_begins, autoescape=True), Notification.told_at > since
    )
    return db.session.scalars(told.limit(1)).first() is not None


def latest_of(
    *, by_id: int, asset: Asset, deal_id: int | None, since: datetime
) -> AnswerOutcome | None:
    """Return what a person last told of an answer on a deal, or on none, since a moment."""
    told = select(AnswerOutcome).where(
        *_counting(asset, since),
        AnswerOutcome.by_id == by_id,
        AnswerOutcome.deal_id == deal_id,
    )
    return db.session.scalars(told.order_by(AnswerOutcome.id.desc()).limit(1)).first()


def own_outcome(outcome_id: int, *, by_id: int) -> AnswerOutcome | None:
    """Return what a person told themselves; of others' words there is nothing."""
    own: Select[AnswerOutcome] = select(AnswerOutcome).where(
        AnswerOutcome.id == outcome_id, AnswerOutcome.by_id == by_id
    )
    return db.session.scalars(own).first()


def reasons_of(asset: Asset, limit: int = 5) -> Sequence[AnswerOutcome]:
    """Return the latest failures of an answer that say why, for who keeps it."""
    rows = select(AnswerOutcome).where(
        *_counting(asset, now() - YEAR),
        AnswerOutcome.worked.is_(False),
        AnswerOutcome.note != "",
    )
    return db.session.scalars(rows.order_by(AnswerOutcome.id.desc()).limit(limit)).all()
