"""Questions about deals; every one begins with what the person may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true

from contentlib.accounts.models import Role, User
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.deals.models import (
    Company,
    Deal,
    DealStageEvent,
    DealStageRetraction,
    Outcome,
    Retro,
)
from contentlib.usage.queries import recent_deals_of
from contentlib.usage.service import OnDeal


def company_size() -> ColumnElement[str]:
    """Return how large the company of a deal is, where both are asked; the deal goes first."""
    return func.coalesce(Deal.size_band, Company.size_band)


def may_see(user: User) -> ColumnElement[bool]:
    """Return the condition for deals a person may see: sellers, those of their own team."""
    if user.role != Role.SELLER:
        return true()
    if user.team_id is None:
        return Deal.owner_id == user.id
    return or_(Deal.team_id == user.team_id, Deal.owner_id == user.id)


def visible(user: User) -> Select[Deal]:
    """Return a statement over the deals a person may see."""
    return select(Deal).where(may_see(user))


def find_deal(user: User, deal_id: int) -> Deal | None:
    """Return a deal if there is one for this person."""
    return db.session.scalars(visible(user).where(Deal.id == deal_id)).first()


def get_deal(user: User, deal_id: int) -> Deal:
    """Return a deal, or say that there is none for this person."""
    deal = find_deal(user, deal_id)
    if deal is None:
        raise Absent
    return deal


def arrival_stands() -> ColumnElement[bool]:
    """Return the condition that an arrival at a stage was not taken back."""
    taken_back = select(DealStageRetraction.event_id).where(
        DealStageRetraction.event_id == DealStageEvent.id
    )
    return ~taken_back.exists()


def stage_at(deal: Deal, moment: datetime) -> int:
    """Return the stage a deal was in at a moment, by its history.

    Before its first arrival a deal counts as in its first stage.
    """
    history = (
        select(DealStageEvent.stage_id)
        .where(DealStageEvent.deal_id == deal.id, arrival_stands())
        .order_by(DealStageEvent.entered_at.desc(), DealStageEvent.id.desc())
    )
    last = db.session.scalars(history.where(DealStageEvent.entered_at <= moment)).first()
    if last is not None:
        return last
    first = history.order_by(None).order_by(DealStageEvent.entered_at, DealStageEvent.id)
    return db.session.scalars(first).first() or deal.stage_id


def on_deal(deal: Deal, *, occurred_at: datetime, recorded_at: datetime) -> OnDeal:
    """Return what the ledger keeps of a deal for a use: the stage then, and whether it is late."""
    closed = deal.close_recorded_at
    return OnDeal(
        deal_id=deal.id,
        stage_id=stage_at(deal, occurred_at),
        late=closed is not None and recorded_at > closed,
    )


def suggestions(user: User, text: str, limit: int = 8) -> Sequence[Deal]:
    """Return deals for a picker: by words, or those the person last noted something on."""
    words = text.split()
    if not words:
        recent = recent_deals_of(user.id, limit)
        mine = visible(user).where(or_(Deal.id.in_(recent), Deal.owner_id == user.id))
        places = {deal: place for place, deal in enumerate(recent)}
        order = [case(places, value=Deal.id, else_=len(places))] if places else []
        rows = mine.order_by(Deal.outcome != Outcome.OPEN, *order, Deal.updated_at.desc())
        return db.session.scalars(rows.limit(limit)).all()
    found = visible(user).join(Company, Deal.company_id == Company.id, isouter=True)
    for word in words[:6]:
        found = found.where(
            or_(
                Deal.title.icontains(word, autoescape=True),
                Company.name.icontains(word, autoescape=True),
            )
        )
    rows = found.order_by(Deal.outcome != Outcome.OPEN, Deal.updated_at.desc()).limit(limit)
    return db.session.scalars(rows).all()


def valid_retro(deal: Deal) -> Retro | None:
    """Return the answers that stand for a deal, if any were given."""
    return db.session.scalars(
        select(Retro)
        .where(Retro.deal_id == deal.id, Retro.voided_at.is_(None))
        .order_by(Retro.id.desc())
    ).first()


def stage_history(deal: Deal) -> Sequence[DealStageEvent]:
    """Return a deal's arrivals at stages, in the order in which they happened."""
    return db.session.scalars(
        select(DealStageEvent)
        .where(DealStageEvent.deal_id == deal.id, arrival_stands())
        .order_by(DealStageEvent.entered_at, DealStageEvent.id)
    ).all()


def sums_by_stage(user: User, conditions: Sequence[Any]) -> dict[int, list[tuple[str, int, int]]]:
    """Return for each stage its open deals as (currency, number, sum in minor units)."""
    rows = db.session.execute(
        select(Deal.stage_id, Deal.currency, func.count(Deal.id), func.sum(Deal.amount_minor))
        .where(may_see(user), Deal.outcome == Outcome.OPEN, *conditions)
        .group_by(Deal.stage_id, Deal.currency)
        .order_by(Deal.stage_id, func.count(Deal.id).desc())
    )
    sums: dict[int, list[tuple[str, int, int]]] = {}
    for stage_id, currency, number, total in rows:
        sums.setdefault(stage_id, []).append((currency, number, int(total)))
    return sums


def deals_of_company(user: User, company: Company) -> Sequence[Deal]:
    """Return those deals of a company that a person may see, youngest first."""
    rows = visible(user).where(Deal.company_id == company.id).order_by(Deal.opened_at.desc())
    return db.session.scalars(rows.limit(100)).all()


def get_company(user: User, company_id: int) -> Company:
    """Return a company, or say that none of its deals concerns this person."""
    company = db.session.get(Company, company_id)
    if company is None or not deals_of_company(user, company):
        raise Absent
    return company
