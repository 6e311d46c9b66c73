"""Changes to deals; every one of them leaves its trace in an append-only history."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import one_line
from contentlib.core.money import LARGEST_MINOR
from contentlib.deals import consents
from contentlib.deals.models import (
    Company,
    Contact,
    Deal,
    DealChange,
    DealStageEvent,
    LossReason,
    Outcome,
    Pipeline,
)
from contentlib.deals.queries import stage_history
from contentlib.deals.retros import answers, invitations, skips
from contentlib.library.taxonomy import Persona, Stage

# What may be changed by hand; stage and outcome have verbs of their own.
FACTS = (
    "title",
    "company",
    "owner",
    "team",
    "pipeline",
    "amount_minor",
    "currency",
    "expected_close",
    "size_band",
    "competitor",
    "contacts",
)


def get_or_add_company(name: str, **facts: str | None) -> Company:
    """Return the company of this name, making it if it is new."""
    name = one_line(name)[:200]
    if not name:
        raise Invalid(N_("A company needs a name."), field="company")
    company = db.session.scalars(select(Company).where(Company.name == name)).first()
    if company is None:
        company = Company(name=name, **facts)
        db.session.add(company)
        db.session.flush()
    return company


def add_contact(
    company: Company,
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    persona: Persona | None = None,
) -> Contact:
    """Add a person at a company."""
    name = one_line(name)
    if not name:
        raise Invalid(N_("A person needs a name."), field="name")
    contact = Contact(company=company, name=name[:200], email=email, phone=phone, persona=persona)
    db.session.add(contact)
    db.session.flush()
    consents.take_over(contact)
    return contact


def open_deal(
    *,
    title: str,
    company: Company | None,
    owner: User | None,
    pipeline: Pipeline,
    stage: Stage,
    amount_minor: int,
    currency: str,
    opened_at: datetime | None = None,
    by: User | None = None,
    source: str = "web",
    **facts: Any,
) -> Deal:
    """Begin a deal at a stage."""
    moment = opened_at or now()
    deal = Deal(
        title=clean_title(title),
        company=company,
        owner=owner,
        team=facts.pop("team", None) or (owner.team if owner else None),
        pipeline=pipeline,
        stage=stage,
        amount_minor=possible_amount(amount_minor),
        currency=currency,
        opened_at=moment,
        outcome=Outcome.OPEN,
        **facts,
    )
    db.session.add(deal)
    db.session.flush()
    _arrive(deal, stage, moment, by, source)
    return deal


def change_deal(deal: Deal, *, by: User | None, source: str = "web", **facts: Any) -> None:
    """Change facts of a deal, noting for each what it was and what it is."""
    for field, new in facts.items():
        if field not in FACTS:
            raise TypeError(f"{field} is not changed this way")
        old = getattr(deal, field)
        if field == "title":
            new = clean_title(new)  # noqa: PLW2901 - the cleaned value is what is kept
        if field == "amount_minor":
            new = possible_amount(new)  # noqa: PLW2901
        if old != new:
            setattr(deal, field, new)
            _note(deal, field, (old, new), by, source)
            if field == "owner":
                _ask_the_new_owner(deal)
    deal.updated_at = now()
    db.session.flush()


def _ask_the_new_owner(deal: Deal) -> None:
    """Let the retro be answered by whom the deal belongs to now: the old owner's link is void."""
    invitations.void(deal)
    invitations.ask_soon(deal)


def move_to_stage(
    deal: Deal,
    stage: Stage,
    *,
    by: User | None,
    entered_at: datetime | None = None,
    source: str = "web",
) -> None:
    """Let a deal arrive at a stage, forward or back; being there already changes nothing."""
    if deal.outcome != Outcome.OPEN:
        raise Conflict(N_("This deal is closed; re-open it before moving it."))
    if deal.stage_id == stage.id:
        return
    _remember_first_stage(deal)
    _arrive(deal, stage, entered_at or now(), by, source)
    deal.stage = stage
    deal.updated_at = now()
    db.session.flush()


def close_won(
    deal: Deal, *, by: User | None, closed_at: datetime | None = None, source: str = "web"
) -> None:
    """Note that a deal was won."""
    _close(deal, Outcome.WON, closed_at, by, source)


def close_as_told(deal: Deal, outcome: Outcome, *, closed_at: datetime, source: str) -> None:
    """Take an outcome over from another system, which wrote it down when it happened.

    A loss without a reason is possible here, since old data may lack it.
    """
    _close(deal, outcome, closed_at, None, source)
    deal.close_recorded_at = closed_at


def close_lost(
    deal: Deal,
    *,
    by: User | None,
    reason: LossReason,
    note: str = "",
    competitor: str | None = None,
    closed_at: datetime | None = None,
    source: str = "web",
) -> None:
    """Note that a deal was lost, and why."""
    deal.loss_reason, deal.loss_note = reason, note.strip() or None
    if competitor:
        deal.competitor = one_line(competitor)[:120]
    _close(deal, Outcome.LOST, closed_at, by, source)


def explain_loss(
    deal: Deal,
    *,
    by: User | None,
    reason: LossReason,
    note: str = "",
    competitor: str | None = None,
) -> None:
    """Say of a deal that is lost already why it was, where nobody had said it."""
    if deal.outcome != Outcome.LOST:
        raise Conflict(N_("This deal is not lost, so there is no reason to give."))
    facts = {"loss_reason": reason, "loss_note": note.strip() or deal.loss_note}
    if competitor:
        facts["competitor"] = one_line(competitor)[:120]
    for field, new in facts.items():
        old = getattr(deal, field)
        if old != new:
            setattr(deal, field, new)
            _note(deal, field, (old, new), by, "web")
    deal.updated_at = now()
    db.session.flush()


def reopen(deal: Deal, *, by: User | None, source: str = "web") -> None:
    """Take an outcome back; the answers given for it become void, its history stays."""
    if deal.outcome == Outcome.OPEN:
        return
    _note(deal, "outcome", (deal.outcome, Outcome.OPEN), by, source)
    deal.outcome, deal.closed_at, deal.close_recorded_at = Outcome.OPEN, None, None
    deal.loss_reason, deal.loss_note = None, None
    deal.updated_at = now()
    answers.void(deal, by=by)
    skips.void(deal)
    invitations.void(deal)
    db.session.flush()


def _close(
    deal: Deal, outcome: Outcome, closed_at: datetime | None, by: User | None, source: str
) -> None:
    if deal.outcome != Outcome.OPEN:
        raise Conflict(N_("This deal is closed already."))
    moment = closed_at or now()
    if moment > now():
        raise Invalid(N_("A deal cannot be closed in the future."), field="closed_on")
    if moment < deal.opened_at:
        raise Invalid(N_("A deal cannot be closed before it was opened."), field="closed_on")
    _note(deal, "outcome", (deal.outcome, outcome), by, source)
    deal.outcome, deal.closed_at, deal.close_recorded_at = outcome, moment, now()
    deal.updated_at = now()
    db.session.flush()
    invitations.ask_soon(deal)


def _remember_first_stage(deal: Deal) -> None:
    """Write down where a deal stood that came here without a history, before it leaves."""
    if not stage_history(deal):
        _arrive(deal, deal.stage, deal.opened_at, None, "import")


def _arrive(deal: Deal, stage: Stage, moment: datetime, by: User | None, source: str) -> None:
    db.session.add(
        DealStageEvent(
            deal_id=deal.id,
            stage_id=stage.id,
            entered_at=moment,
            by_id=by.id if by else None,
            source=source,
        )
    )


def _note(deal: Deal, field: str, change: tuple[Any, Any], by: User | None, source: str) -> None:
    old, new = change
    db.session.add(
        DealChange(
            deal_id=deal.id,
            field=field,
            old=_in_words(old),
            new=_in_words(new),
            by_id=by.id if by else None,
            source=source,
        )
    )


def _in_words(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(sorted(item.name for item in value))
    name = getattr(value, "key", None) or getattr(value, "name", None)
    return str(name if name and not isinstance(value, str) else value)


def clean_title(text: str) -> str:
    """Return a title on one line, or say that there is none."""
    title = one_line(text)
    if not title:
        raise Invalid(N_("A deal needs a title."), field="title")
    return title[:200]


def possible_amount(minor: int) -> int:
    """Return an amount in minor units, or say why no deal can have it."""
    if minor < 0:
        raise Invalid(N_("The amount of a deal cannot be negative."), field="amount")
    if minor > LARGEST_MINOR:
        raise Invalid(N_("The amount of a deal is too large."), field="amount")
    return minor
