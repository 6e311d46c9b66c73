"""Questions about what people were told; each answers for one person alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.notifications.kinds import KINDS, usual_way
from contentlib.notifications.models import How, Notification, NotificationChoice


def unseen_count(user_id: int) -> int:
    """Return how much news a person has not seen; asked on every page, answered by an index."""
    unseen = select(func.count()).where(
        Notification.user_id == user_id, Notification.seen_at.is_(None)
    )
    return db.session.scalar(unseen) or 0


def told_to(user_id: int) -> Select[Notification]:
    """Select what a person was told, the youngest first."""
    return (
        select(Notification)
        .where(Notification.user_id == user_id)
        .order_by(Notification.told_at.desc(), Notification.id.desc())
    )


def unseen_by(user_id: int) -> Select[Notification]:
    """Select what a person has not seen yet, the youngest first."""
    return told_to(user_id).where(Notification.seen_at.is_(None))


def latest(user_id: int, most: int) -> Sequence[Notification]:
    """Return what a person was told last."""
    return db.session.scalars(told_to(user_id).limit(most)).all()


def find_news(user_id: int, news_id: int) -> Notification | None:
    """Return a piece of news if this person was told it."""
    return db.session.scalars(told_to(user_id).where(Notification.id == news_id)).first()


def get_news(user_id: int, news_id: int) -> Notification:
    """Return a piece of news, or say that this person was told no such thing."""
    news = find_news(user_id, news_id)
    if news is None:
        raise Absent
    return news


def ways_of(user_id: int) -> dict[str, How]:
    """Return how each kind reaches a person by e-mail."""
    rows = db.session.scalars(
        select(NotificationChoice).where(NotificationChoice.user_id == user_id)
    )
    chosen = {row.kind: row.how for row in rows}
    return {name: chosen.get(name, kind.usual) for name, kind in KINDS.items()}


def way_of(user_id: int, kind: str) -> How:
    """Return how a kind reaches a person by e-mail; one that is not known is not mailed."""
    row = db.session.get(NotificationChoice, (user_id, kind)) if kind in KINDS else None
    return row.how if row else usual_way(kind)


def unmailed(user_id: int, *, since: datetime, before: datetime) -> Select[Notification]:
    """Select what a person neither saw nor got by e-mail, the oldest first."""
    return (
        select(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.told_at >= since,
            Notification.told_at < before,
            Notification.seen_at.is_(None),
            Notification.mailed_at.is_(None),
        )
        .order_by(Notification.told_at, Notification.id)
    )
