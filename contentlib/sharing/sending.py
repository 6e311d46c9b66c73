"""A link leaves the house: what the ledger is told of it, once, and how that is undone."""

from datetime import date, datetime

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.deals.queries import on_deal
from contentlib.sharing.fitness import version_shown
from contentlib.sharing.models import ShareLink
from contentlib.sharing.service import refuse_revoked, revoke
from contentlib.usage import service as usage
from contentlib.usage.models import Action, UsageEvent

NOTHING_LEFT = N_("Nothing of this link can be shown any more. Make a new one.")


def mark_sent(
    link: ShareLink, *, by: User, channel: str, today: date, occurred_at: datetime | None = None
) -> list[UsageEvent]:
    """Write down that a person took a link along or sent it; a second time writes nothing more.

    What of it is no longer shown to buyers was not sent.
    """
    refuse_revoked(link)
    moment = now()
    if link.expires_at is not None and link.expires_at <= moment:
        raise Conflict(N_("This link has expired. Give it more time first."))
    occurred = occurred_at or moment
    link.channel = link.channel or channel
    events = [
        usage.record(
            Action.SHARED,
            asset_id=item.asset_id,
            version_id=version.id,
            actor_id=by.id,
            idempotency_key=f"share:{link.id}:{item.asset_id}",
            on=on_deal(link.deal, occurred_at=occurred, recorded_at=moment) if link.deal else None,
            occurred_at=occurred,
            channel=link.channel or None,
            share_link_id=link.id,
        )
        for item in link.items
        if (version := version_shown(link, item, today)) is not None
    ]
    if not events:
        raise Conflict(NOTHING_LEFT)
    link.sent_at = link.sent_at or occurred
    db.session.flush()
    return events


def undo(link: ShareLink, *, by: User) -> None:
    """Take a link back as a slip: it opens nothing, and what the ledger was told counts no more."""
    sent = select(UsageEvent).where(
        UsageEvent.share_link_id == link.id, UsageEvent.action == Action.SHARED
    )
    for event in db.session.scalars(sent):
        usage.retract(event.id, by_id=by.id)
    revoke(link, by=by)
