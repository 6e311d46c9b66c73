"""How many closed deals have their retro: by number and by value, skipped ones told apart."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome, Retro
from contentlib.deals.retros.models import RetroSkip


@dataclass(frozen=True)
class Part:
    """Some closed deals: how many, and what they are worth in minor units."""

    deals: int
    value: int


@dataclass(frozen=True)
class Coverage:
    """The closed deals of one currency.

    Every closed deal counts as asked. `answered` has answers that stand; `skipped` has none, but a
    reason why not; `silent` is the rest. The response rate is `answered` ÷ `asked`.
    """

    currency: str
    asked: Part
    answered: Part
    skipped: Part

    @property
    def silent(self) -> Part:
        """Return those of which nobody said anything."""
        return Part(
            self.asked.deals - self.answered.deals - self.skipped.deals,
            self.asked.value - self.answered.value - self.skipped.value,
        )


def answered() -> ColumnElement[bool]:
    """Return the condition that answers stand for a deal."""
    return (
        select(Retro.id)
        .where(Retro.deal_id == Deal.id, Retro.voided_at.is_(None))
        .correlate(Deal)
        .exists()
    )


def skipped() -> ColumnElement[bool]:
    """Return the condition that a deal's retro was skipped, and not answered after all."""
    said = select(RetroSkip.id).where(RetroSkip.deal_id == Deal.id, RetroSkip.voided_at.is_(None))
    return said.correlate(Deal).exists() & ~answered()


def coverage(*conditions: Any) -> list[Coverage]:
    """Return the coverage of the closed deals under some conditions, the commonest currency first.

    Currencies are never added up.
    """
    number = func.count(Deal.id)
    rows = db.session.execute(
        select(Deal.currency, *_part(true()), *_part(answered()), *_part(skipped()))
        .where(Deal.outcome != Outcome.OPEN, *conditions)
        .group_by(Deal.currency)
        .order_by(number.desc(), Deal.currency)
    )
    return [
        Coverage(currency, *(Part(*map(int, told[place : place + 2])) for place in (0, 2, 4)))
        for currency, *told in rows
    ]


def _part(condition: ColumnElement[bool]) -> tuple[Any, Any]:
    """Return the columns of a part: the number of its deals, and their value."""
    value = func.sum(Deal.amount_minor).filter(condition)
    return func.count(Deal.id).filter(condition), func.coalesce(value, 0)
