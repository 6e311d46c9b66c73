"""Saying that a retro will not be answered, and why."""

from sqlalchemy import select, update

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.deals.models import Deal
from contentlib.deals.queries import valid_retro
from contentlib.deals.retros.closes import refuse_unless_closed
from contentlib.deals.retros.models import RetroSkip, WhyNot


def skip(deal: Deal, reason: str, *, by: User) -> RetroSkip:
    """Skip the retro of a deal; saying it again replaces the reason."""
    refuse_unless_closed(deal)
    if reason not in set(WhyNot):
        raise Invalid(N_("Say why you skip it."), field="skip_reason")
    if valid_retro(deal) is not None:
        raise Conflict(N_("The retro of this deal has been answered already."))
    row = valid_skip(deal) or RetroSkip(deal_id=deal.id)
    row.reason, row.skipped_by_id = WhyNot(reason), by.id
    db.session.add(row)
    db.session.flush()
    return row


def valid_skip(deal: Deal) -> RetroSkip | None:
    """Return what stands in the place of answers, if somebody skipped them."""
    return db.session.scalars(
        select(RetroSkip).where(RetroSkip.deal_id == deal.id, RetroSkip.voided_at.is_(None))
    ).first()


def void(deal: Deal) -> None:
    """Let what was skipped be asked anew."""
    db.session.execute(
        update(RetroSkip)
        .where(RetroSkip.deal_id == deal.id, RetroSkip.voided_at.is_(None))
        .values(voided_at=now())
    )
