"""Reads what closed deals come to from the rows themselves, in a few statements."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, case, func, select

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db
from contentlib.core.instants import Instant
from contentlib.deals.models import (
    Company,
    Deal,
    DealStageEvent,
    Outcome,
    Retro,
    RetroAnswer,
    Verdict,
)
from contentlib.deals.queries import arrival_stands, company_size
from contentlib.reports.facts.columns import DEAL, STAY, TOUCH, Facts, Rows
from contentlib.usage.columns import paired
from contentlib.usage.models import UsageEvent
from contentlib.usage.queries import not_retracted

Conditions = tuple[ColumnElement[bool], ...]


def read(*conditions: ColumnElement[bool]) -> Facts:
    """Return the facts of the closed deals that meet some conditions on `Deal`."""
    chosen = (Deal.outcome != Outcome.OPEN, *conditions)
    deals = _deals(chosen)
    return Facts(deals, _touches(chosen, deals), _stays(chosen, deals))


def _deals(chosen: Conditions) -> Rows:
    answered = select(Retro.id).where(Retro.deal_id == Deal.id, Retro.voided_at.is_(None)).exists()
    numbers = whole_numbers(
        select(
            Deal.id,
            Instant(Deal.opened_at),
            Instant(Deal.closed_at),
            Deal.amount_minor,
            Deal.pipeline_id,
            func.coalesce(Deal.team_id, 0),
            func.coalesce(Deal.owner_id, 0),
            func.coalesce(Deal.loss_reason_id, 0),
            case((Deal.outcome == Outcome.WON, 1), else_=0),
            case((answered, 1), else_=0),
        )
        .where(*chosen)
        .order_by(Deal.id)
    )
    names = ("id", "opened", "closed", "amount", "pipeline", "team", "seller", "reason")
    deals = _filled(DEAL, (*names, "won", "answered"), numbers)
    _name(deals, chosen)
    return deals


def _name(deals: Rows, chosen: Conditions) -> None:
    """Fill in what is told in words: the currency, and the size of the company."""
    rows = db.session.execute(
        select(Deal.currency, func.coalesce(company_size(), ""))
        .join(Company, Company.id == Deal.company_id, isouter=True)
        .where(*chosen)
        .order_by(Deal.id)
    )
    for place, (currency, band) in enumerate(rows):
        deals["currency"][place], deals["size"][place] = currency.encode(), band.encode()


def _touches(chosen: Conditions, deals: Rows) -> Rows:
    event = UsageEvent
    numbers = whole_numbers(
        select(
            event.deal_id,
            event.asset_id,
            event.id,
            Instant(event.occurred_at),
            func.coalesce(event.stage_id, 0),
            func.coalesce(event.persona_id, 0),
            func.coalesce(event.actor_id, 0),
            event.grade,
            event.late,
        )
        .join(Deal, Deal.id == event.deal_id)
        .where(*chosen, event.occurred_at <= Deal.closed_at, not_retracted())
    )
    names = ("asset", "event", "at", "stage", "persona", "seller", "grade", "late")
    touches = _filled(TOUCH, names, numbers[:, 1:])
    touches["deal"] = _place(numbers[:, 0], deals)
    _say_what_helped(touches, chosen, deals)
    return touches[np.lexsort((touches["event"], touches["at"], touches["deal"]))]


def _say_what_helped(touches: Rows, chosen: Conditions, deals: Rows) -> None:
    told = whole_numbers(
        select(Retro.deal_id, RetroAnswer.asset_id, case((RetroAnswer.decisive, 2), else_=1))
        .join(RetroAnswer, RetroAnswer.retro_id == Retro.id)
        .join(Deal, Deal.id == Retro.deal_id)
        .where(*chosen, Retro.voided_at.is_(None), RetroAnswer.verdict == Verdict.HELPED)
    )
    if not len(told):
        return
    pairs = paired(_place(told[:, 0], deals), told[:, 1])
    order = np.argsort(pairs)
    wanted = paired(touches["deal"], touches["asset"])
    at = np.minimum(np.searchsorted(pairs[order], wanted), len(pairs) - 1)
    is_told = pairs[order][at] == wanted
    touches["helped"] = np.where(is_told, told[order, 2][at], 0)


def _stays(chosen: Conditions, deals: Rows) -> Rows:
    event = DealStageEvent
    numbers = whole_numbers(
        select(
            event.deal_id,
            event.stage_id,
            func.coalesce(Deal.owner_id, 0),
            Instant(event.entered_at),
            event.id,
        )
        .join(Deal, Deal.id == event.deal_id)
        .where(*chosen, arrival_stands())
    )
    stays = _filled(STAY, ("stage", "seller", "entered"), numbers[:, 1:4])
    stays["deal"] = _place(numbers[:, 0], deals)
    return stays[np.lexsort((numbers[:, 4], stays["entered"], stays["deal"]))]


def _place(ids: NDArray[np.int64], deals: Rows) -> NDArray[np.int64]:
    """Return the places of deals, which stand in the order of their ids."""
    return np.searchsorted(deals["id"], ids)


def _filled(kind: np.dtype[Any], names: Sequence[str], numbers: NDArray[np.int64]) -> Rows:
    """Return rows of which the named columns are those of a table of numbers."""
    rows = np.zeros(len(numbers), kind)
    for name, column in zip(names, numbers.T, strict=True):
        rows[name] = column
    return rows
