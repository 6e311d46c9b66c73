"""Deals as another system tells of them: taken over with what happened there, corrected later.

What was so before the deal came here is no change here, so taking over writes no history; every
later correction does, like a change made by hand.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.deals import service
from contentlib.deals.models import (
    Deal,
    DealChange,
    DealStageEvent,
    DealStageRetraction,
    LossReason,
    Outcome,
)
from contentlib.deals.queries import stage_history
from contentlib.deals.retros import invitations
from contentlib.library.taxonomy import Stage

SOURCE = "import"
# What only the other system can correct; the rest is changed as by hand.
CORRECTED = ("opened_at", "closed_at", "loss_reason")


def take_over(
    *,
    external_id: str,
    title: str,
    amount_minor: int,
    opened_at: datetime,
    outcome: Outcome,
    closed_at: datetime | None,
    **facts: Any,
) -> Deal:
    """Take a deal over as it stands in the other system, which wrote its outcome down in time."""
    deal = Deal(
        external_id=external_id,
        title=service.clean_title(title),
        amount_minor=service.possible_amount(amount_minor),
        opened_at=opened_at,
        outcome=outcome,
        closed_at=closed_at,
        close_recorded_at=closed_at,
        **facts,
    )
    refuse_impossible_dates(opened_at, closed_at)
    db.session.add(deal)
    db.session.flush()
    invitations.ask_soon(deal)
    return deal


def refuse_impossible_dates(opened_at: datetime, closed_at: datetime | None) -> None:
    """Say what is wrong with the days of a deal."""
    if opened_at > now():
        raise Invalid(N_("A deal cannot be opened in the future."), field="opened_at")
    if closed_at is None:
        return
    if closed_at > now():
        raise Invalid(N_("A deal cannot be closed in the future."), field="closed_at")
    if closed_at < opened_at:
        raise Invalid(N_("A deal cannot be closed before it was opened."), field="closed_at")


def correct(deal: Deal, *, source: str = SOURCE, **facts: Any) -> None:
    """Change days or the loss reason of a deal whose outcome stays."""
    for field, new in facts.items():
        if field not in CORRECTED:
            raise TypeError(f"{field} is not corrected this way")
        old = getattr(deal, field)
        if old != new:
            setattr(deal, field, new)
            _note(deal, field, old, new, source)
    if "closed_at" in facts:
        deal.close_recorded_at = deal.closed_at
    refuse_impossible_dates(deal.opened_at, deal.closed_at)
    deal.updated_at = now()
    db.session.flush()


def turn_out(
    deal: Deal,
    outcome: Outcome,
    *,
    closed_at: datetime | None,
    loss_reason: LossReason | None,
    source: str = SOURCE,
) -> None:
    """Let a deal have the outcome that the other system tells, whatever it was here."""
    service.reopen(deal, by=None, source=source)
    deal.loss_reason = loss_reason
    if outcome != Outcome.OPEN and closed_at is not None:
        service.close_as_told(deal, outcome, closed_at=closed_at, source=source)
    db.session.flush()


def arrive(deal: Deal, stage: Stage, *, entered_at: datetime) -> DealStageEvent | None:
    """Note that a deal had come to a stage, at any time; nothing if that is known already."""
    if entered_at > now():
        raise Invalid(N_("A deal cannot reach a stage in the future."), field="entered_at")
    history = stage_history(deal)
    if any(event.stage_id == stage.id and event.entered_at == entered_at for event in history):
        return None
    event = DealStageEvent(deal_id=deal.id, stage_id=stage.id, entered_at=entered_at, source=SOURCE)
    db.session.add(event)
    db.session.flush()
    _stand_at_latest(deal)
    return event


def take_back_arrival(event: DealStageEvent, *, stage_before: int, by_id: int | None) -> None:
    """Say that an arrival never was; its row stays but no longer counts.

    Where no other arrival is left, the deal stands again where it stood before.
    """
    if db.session.get(DealStageRetraction, event.id) is None:
        db.session.add(DealStageRetraction(event_id=event.id, retracted_by_id=by_id))
        db.session.flush()
    deal = db.session.get_one(Deal, event.deal_id)
    deal.stage_id = stage_before
    _stand_at_latest(deal)


def find_deal(external_id: str) -> Deal | None:
    """Return the deal that the other system calls so."""
    return db.session.scalars(select(Deal).where(Deal.external_id == external_id)).first()


def _stand_at_latest(deal: Deal) -> None:
    history = stage_history(deal)
    if history:
        deal.stage_id = history[-1].stage_id
    deal.updated_at = now()
    db.session.flush()
    db.session.expire(deal, ["stage"])


def _note(deal: Deal, field: str, old: Any, new: Any, source: str) -> None:
    words = [getattr(value, "key", None) or (value and str(value)) for value in (old, new)]
    db.session.add(
        DealChange(deal_id=deal.id, field=field, old=words[0], new=words[1], source=source)
    )
