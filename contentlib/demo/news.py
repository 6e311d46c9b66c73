"""What the demo's people were told: the answers to what they asked marketing for."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.notifications.models import Notification
from contentlib.requests.models import ContentRequest, State

KINDS = {State.DELIVERED: "request.delivered", State.DECLINED: "request.declined"}
SEEN_AFTER = timedelta(days=3)


def add_news(now: datetime) -> None:
    """Tell whoever waited what became of each request; what is old they have seen."""
    answered = ContentRequest.state.in_(KINDS)
    for row in db.session.scalars(select(ContentRequest).where(answered)).all():
        at = row.decided_at or now
        facts = {"request": row.title, "reason": row.answer}
        facts |= {"asset": row.asset.title} if row.asset else {}
        for one in row.waiting:
            news = Notification(
                user_id=one.user_id,
                kind=KINDS[row.state],
                key=f"request:{row.id}:{row.state}",
                address=f"/requests?show=mine#request-{row.id}",
                facts=facts,
                told_at=at,
                seen_at=at + SEEN_AFTER if at + SEEN_AFTER < now - SEEN_AFTER else None,
            )
            db.session.add(news)
    db.session.flush()
