"""Asking the owner of a closed deal what helped, by a link that needs no sign-in.

The token is 256 random bits, of which only the hash is kept. A link opens its retro for fourteen
days, once, and only as long as the deal is closed as it was then and belongs to the same person.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.core.ids import new_token
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.queries import valid_retro
from contentlib.deals.retros.closes import close_number
from contentlib.deals.retros.models import RetroInvitation
from contentlib.deals.retros.skips import valid_skip

ASK = "deals.ask_retro"
VALID = timedelta(days=14)
# Of what ended longer ago nobody is asked: an import of old deals sends no letter.
RECENT = timedelta(days=14)
# An import of many recent closes must not fill a mailbox; the start page lists the others.
MOST_A_DAY = 5


class Standing(StrEnum):
    """What a link still does."""

    OPENS = "opens"
    ANSWERED = "answered"
    GONE = "gone"


def ask_soon(deal: Deal) -> None:
    """Have the owner of a deal asked once the transaction at hand is done, if anybody is to be."""
    if is_recent(deal):
        jobs.enqueue(ASK, f"deal:{deal.id}", {"deal": deal.id})


def is_recent(deal: Deal) -> bool:
    """Tell whether a deal is closed, and has been for no more than fourteen days."""
    return deal.closed_at is not None and deal.closed_at >= now() - RECENT


def is_to_be_asked(deal: Deal) -> bool:
    """Tell whether the owner of a deal is to be asked: nobody answered, and nobody was asked."""
    if deal.owner_id is None or not is_recent(deal):
        return False
    if valid_retro(deal) is not None or valid_skip(deal) is not None:
        return False
    return _standing_for(deal) is None and _asked_lately(deal.owner_id) < MOST_A_DAY


def invite(deal: Deal) -> tuple[RetroInvitation, str]:
    """Make a link for the owner of a deal; what comes beside it is the token, never seen again."""
    token = new_token()
    row = RetroInvitation(
        token_hash=hash_of(token),
        deal_id=deal.id,
        user_id=deal.owner_id,
        close_number=close_number(deal),
        expires_at=now() + VALID,
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def find(token: str) -> RetroInvitation | None:
    """Return the invitation that a token belongs to."""
    wanted = select(RetroInvitation).where(RetroInvitation.token_hash == hash_of(token))
    return db.session.scalars(wanted).first()


def standing(row: RetroInvitation, moment: datetime) -> Standing:
    """Tell what a link still does: the facts of its deal decide, whatever has been noted since."""
    deal = row.deal
    holds = (
        row.voided_at is None
        and moment < row.expires_at
        and deal.outcome != Outcome.OPEN
        and deal.owner_id == row.user_id
        and close_number(deal) == row.close_number
    )
    if not holds:
        return Standing.GONE
    answered = row.used_at is not None or valid_retro(deal) is not None
    return Standing.ANSWERED if answered else Standing.OPENS


def use(row: RetroInvitation) -> None:
    """Note that a link did its work; of two who send at once, the second is told."""
    db.session.refresh(row, with_for_update=True)
    if row.used_at is not None:
        raise Conflict(N_("This link has been used already."))
    row.used_at = now()
    db.session.flush()


def void(deal: Deal) -> None:
    """Let no link that was sent for a deal open anything any more."""
    db.session.execute(
        update(RetroInvitation)
        .where(RetroInvitation.deal_id == deal.id, RetroInvitation.voided_at.is_(None))
        .values(voided_at=now())
    )


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _standing_for(deal: Deal) -> RetroInvitation | None:
    """Return what the present owner was sent about the present close, even if it ran out."""
    return db.session.scalars(
        select(RetroInvitation).where(
            RetroInvitation.deal_id == deal.id,
            RetroInvitation.user_id == deal.owner_id,
            RetroInvitation.close_number == close_number(deal),
            RetroInvitation.voided_at.is_(None),
        )
    ).first()


def _asked_lately(user_id: int) -> int:
    lately = select(func.count(RetroInvitation.id)).where(
        RetroInvitation.user_id == user_id, RetroInvitation.made_at > now() - timedelta(days=1)
    )
    return db.session.scalar(lately) or 0
