"""Won deals like the one at hand, what was used on them, and why such deals were lost.

Like means: won in the last two years, having reached the same stage, with a company of the same
industry and size and at least one of the same personas. Where that leaves fewer than five, the
personas no longer matter, then not the size either, then not the industry: the first step with five
is taken, or else the last, which is every deal won after that stage. What is not known of the deal
at hand is no condition. The numbers are the firm's, whoever looks.

The line below an answer (contentlib/deals/similar.py) compares more loosely and over twelve months,
which it says; why they differ stands there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db
from contentlib.core.instants import Instant
from contentlib.core.proportion import FEWEST
from contentlib.deals.models import (
    Company,
    Contact,
    Deal,
    DealStageEvent,
    LossReason,
    Outcome,
    deal_contact,
)
from contentlib.deals.queries import arrival_stands
from contentlib.deals.wins import in_time
from contentlib.finding.likeness import keys_of
from contentlib.prep.situation import Loss
from contentlib.usage import ledger
from contentlib.usage.columns import among, pairs
from contentlib.usage.models import Grade

WON_WITHIN = timedelta(days=730)
LOST_WITHIN = timedelta(days=365)
STEPS = (("industry", "size", "personas"), ("industry", "size"), ("industry",), ())


@dataclass(frozen=True)
class Likeness:
    """By what deals are compared; what is empty is no condition."""

    stage_id: int
    industry: str = ""
    size: str = ""
    personas: frozenset[int] = frozenset()
    # The deal at hand, which is never its own example.
    deal_id: int = 0

    def known(self, step: Iterable[str]) -> tuple[str, ...]:
        """Return those conditions of a step about which something is known."""
        return tuple(name for name in step if getattr(self, name))


@dataclass(frozen=True)
class Similar:
    """Won deals, when each closed in microseconds, and by what they are alike besides the stage."""

    alike: tuple[str, ...]
    ids: NDArray[np.int64]
    closes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def similar_wins(likeness: Likeness, moment: datetime) -> Similar:
    """Return the won deals to learn from, by the first step that leaves enough of them."""
    industry = func.lower(Company.industry) == likeness.industry.lower()
    facts = [
        case((condition, 1), else_=0)
        for condition in (
            industry if likeness.industry else false(),
            Deal.size_band == likeness.size if likeness.size else false(),
            _has_persona(likeness.personas) if likeness.personas else false(),
        )
    ]
    table = whole_numbers(
        select(Deal.id, Instant(Deal.closed_at), *facts)
        .outerjoin(Company, Company.id == Deal.company_id)
        .where(
            Deal.outcome == Outcome.WON,
            Deal.closed_at >= moment - WON_WITHIN,
            Deal.id != likeness.deal_id,
            _reached(likeness.stage_id),
        )
        .order_by(Deal.id)
    )
    columns = dict(zip(STEPS[0], table[:, 2:].astype(np.bool_).T, strict=True))
    alike: tuple[str, ...] = ()
    kept = np.ones(len(table), dtype=np.bool_)
    for step in STEPS:
        alike = likeness.known(step)
        kept = np.logical_and.reduce([columns[name] for name in alike] or [np.ones_like(kept)])
        if kept.sum() >= FEWEST:
            break
    return Similar(alike, table[kept, 0], table[kept, 1])


def _reached(stage_id: int) -> ColumnElement[bool]:
    came = select(DealStageEvent.id).where(
        DealStageEvent.deal_id == Deal.id, DealStageEvent.stage_id == stage_id, arrival_stands()
    )
    return or_(Deal.stage_id == stage_id, came.exists())


def _has_persona(personas: Collection[int]) -> ColumnElement[bool]:
    people = (
        select(deal_contact.c.contact_id)
        .join(Contact, Contact.id == deal_contact.c.contact_id)
        .where(and_(deal_contact.c.deal_id == Deal.id, Contact.persona_id.in_(personas)))
    )
    return people.exists()


def uses_on(similar: Similar, *, grade: int) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return on how many of these deals each material was used before the close, and was taken.

    Used is from a grade of evidence on. Taken (E2) is what says something of words: an answer is
    copied and spoken, and nobody sends it.
    """
    if not len(similar):
        return {}, {}
    events = ledger.counted()
    events = events.where(among(events.deal, similar.ids.tolist()))
    events = in_time(events, similar.ids, similar.closes)
    counts = []
    for least in (grade, int(Grade.TAKEN)):
        enough = events.where(events.grade >= least)
        assets, _deals = pairs(enough.asset, enough.deal)
        numbers, times = np.unique(assets, return_counts=True)
        counts.append(dict(zip(numbers.tolist(), times.tolist(), strict=True)))
    return counts[0], counts[1]


def losses_at(stage_id: int, moment: datetime) -> tuple[Loss, ...]:
    """Return why deals were lost at a stage within a year, the most frequent reason first."""
    number = func.count(Deal.id)
    rows = db.session.execute(
        select(Deal.loss_reason_id, number)
        .where(
            Deal.outcome == Outcome.LOST,
            Deal.closed_at >= moment - LOST_WITHIN,
            Deal.stage_id == stage_id,
        )
        .group_by(Deal.loss_reason_id)
        .order_by(number.desc(), Deal.loss_reason_id)
    ).all()
    whole = sum(count for _reason, count in rows)
    names = {row.id: row for row in db.session.scalars(select(LossReason))} if rows else {}
    return tuple(
        Loss(
            reason=names[number].key,
            count=count,
            of=whole,
            keys=frozenset(keys_of(f"{names[number].name_pt} {names[number].name_en}")),
        )
        for number, count in rows
        if number in names and names[number].key not in ("other", "no_reply")
    )
