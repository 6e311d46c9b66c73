"""What people were told, for tests to read."""

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.notifications.models import Notification


def news_of(person: User) -> list[str]:
    """Return the kinds of news a person was told, in their order."""
    rows = select(Notification.kind).where(Notification.user_id == person.id)
    return list(db.session.scalars(rows.order_by(Notification.id)))


def last_news(person: User) -> Notification:
    """Return what a person was told last."""
    rows = select(Notification).where(Notification.user_id == person.id)
    return db.session.scalars(rows.order_by(Notification.id.desc())).first()
