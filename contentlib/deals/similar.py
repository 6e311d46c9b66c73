"""Won deals like the one at hand, and what was used on them: the one place that says what like is.

Like means: won in the last two years, having reached the same stage, with a company of the same
industry and size and at least one of the same personas. Where that leaves fewer than five, the
personas no longer matter, then not the size either, then not the industry: the first step with five
is taken, or else the last, which is every deal won after that stage. What is not known of the deal
at hand is no condition; without a deal every win of two years is like. The numbers are the firm's,
whoever looks.

Call prep, the line below an answer and what a deal's buyers were not sent yet all ask here, so that
no two places tell two numbers of the same material and deal.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, case, false, or_, select, true

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.core.instants import Instant
from contentlib.core.proportion import FEWEST, Proportion
from contentlib.deals.models import Company, Contact, Deal, DealStageEvent, Outcome, deal_contact
from contentlib.deals.queries import arrival_stands, company_size
from contentlib.deals.wins import in_time
from contentlib.usage import ledger
from contentlib.usage.columns import NEVER, Columns, among, pairs, told_of
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import counting

WON_WITHIN = timedelta(days=730)
STEPS = (("industry", "size", "personas"), ("industry", "size"), ("industry",), ())


@dataclass(frozen=True)
class Likeness:
    """By what deals are compared; what is empty is no condition."""

    stage_id: int = 0
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

    @property
    def is_telling(self) -> bool:
        """Tell whether there are enough of them to name a share."""
        return len(self) >= FEWEST


def likeness_of(deal: Deal | None) -> Likeness:
    """Return by what others are compared with a deal; with none, by nothing."""
    if deal is None:
        return Likeness()
    company = deal.company
    return Likeness(
        stage_id=deal.stage_id,
        industry=(company.industry if company else None) or "",
        size=deal.size_band or (company.size_band if company else None) or "",
        personas=frozenset(one.persona_id for one in deal.contacts if one.persona_id),
        deal_id=deal.id,
    )


def similar_wins(likeness: Likeness, moment: datetime) -> Similar:
    """Return the won deals to learn from, by the first step that leaves enough of them."""
    if likeness.industry:
        # Mostly these are enough, and they are a small part of all.
        same_industry = _won(likeness, moment, _is_of(likeness.industry))
        found = _first_enough(likeness, same_industry, STEPS[:-1])
        if found.is_telling:
            return found
        likeness = Likeness(likeness.stage_id, deal_id=likeness.deal_id)
    return _first_enough(likeness, _won(likeness, moment, true()), STEPS)


def _won(likeness: Likeness, moment: datetime, condition: ColumnElement[bool]) -> NDArray[np.int64]:
    """Return of won deals their ids and closes, and whether their size and personas are alike."""
    facts = [
        case((company_size() == likeness.size if likeness.size else false(), 1), else_=0),
        case((_has_persona(likeness.personas) if likeness.personas else false(), 1), else_=0),
    ]
    return whole_numbers(
        select(Deal.id, Instant(Deal.closed_at), *facts)
        .outerjoin(Company, Company.id == Deal.company_id)
        .where(
            Deal.outcome == Outcome.WON,
            Deal.closed_at >= moment - WON_WITHIN,
            Deal.id != likeness.deal_id,
            _reached(likeness.stage_id),
            condition,
        )
        .order_by(Deal.id)
    )


def _first_enough(
    likeness: Likeness, won: NDArray[np.int64], steps: Iterable[tuple[str, ...]]
) -> Similar:
    """Return those of some deals, all of the industry if that is known, that a step leaves."""
    columns = {"size": won[:, 2] > 0, "personas": won[:, 3] > 0}
    alike: tuple[str, ...] = ()
    kept = np.ones(len(won), dtype=np.bool_)
    for step in steps:
        alike = likeness.known(step)
        kept = np.ones(len(won), dtype=np.bool_)
        for name in columns.keys() & alike:
            kept &= columns[name]
        if kept.sum() >= FEWEST:
            break
    return Similar(alike, won[kept, 0], won[kept, 1])


def _is_of(industry: str) -> ColumnElement[bool]:
    """Return the condition for companies of an industry, however it is written.

    Databases do not agree on what the small letter of an accented one is, so they are not asked.
    """
    names = select(Company.industry).where(Company.industry.is_not(None)).distinct()
    wanted = fold(industry)
    written = [one for one in db.session.scalars(names) if one and fold(one) == wanted]
    # So the companies are found first; a condition on the joined table is asked of each deal.
    return Deal.company_id.in_(select(Company.id).where(Company.industry.in_(written)))


def _reached(stage_id: int) -> ColumnElement[bool]:
    if not stage_id:
        return true()
    # One list of deals for all of them is made in half the time that asking for each one takes.
    came = select(DealStageEvent.deal_id).where(
        DealStageEvent.stage_id == stage_id, arrival_stands()
    )
    return or_(Deal.stage_id == stage_id, Deal.id.in_(came))


def _has_persona(personas: Collection[int]) -> ColumnElement[bool]:
    people = (
        select(deal_contact.c.contact_id)
        .join(Contact, Contact.id == deal_contact.c.contact_id)
        .where(and_(deal_contact.c.deal_id == Deal.id, Contact.persona_id.in_(personas)))
    )
    return people.exists()


def used_on_wins(
    asset_id: int, deal: Deal | None, *, moment: datetime, grade: int
) -> tuple[Proportion, tuple[str, ...]]:
    """Return on how many wins like a deal one material was used, and by what those are alike.

    An event is use from a grade of evidence on. Of what was used nowhere, nobody needs to know how
    many wins there were: most materials are found out so in one quick statement.
    """
    # Named one by one, so that the index by material and grade serves.
    grades = [known for known in Grade if known >= grade]
    uses = whole_numbers(
        counting(UsageEvent.deal_id, Instant(UsageEvent.occurred_at)).where(
            UsageEvent.asset_id == asset_id,
            UsageEvent.grade.in_(grades),
            UsageEvent.deal_id.is_not(None),
            UsageEvent.late.is_(False),
        )
    )
    if not len(uses):
        return Proportion(0, 0), ()
    similar = similar_wins(likeness_of(deal), moment)
    closes = told_of(uses[:, 0], similar.ids, similar.closes, otherwise=NEVER)
    used = np.unique(uses[uses[:, 1] <= closes, 0])
    return Proportion(len(used), len(similar)), similar.alike


def uses_on(similar: Similar, *, grade: int) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return on how many of these deals each material was used before the close, and was taken.

    Used is from a grade of evidence on; of what is spoken, taken (E2) says it (`spoken.py`).
    """
    if not len(similar):
        return {}, {}
    events = events_on(similar)
    return deals_by_asset(events, grade=grade), deals_by_asset(events, grade=Grade.TAKEN)


def events_on(similar: Similar) -> Columns:
    """Return what was recorded before the close on these deals, of which there is one at least."""
    events = ledger.counted()
    events = events.where(among(events.deal, similar.ids.tolist()))
    return in_time(events, similar.ids, similar.closes)


def deals_by_asset(events: Columns, *, grade: int) -> Mapping[int, int]:
    """Return on how many deals there is an event of a grade or higher, by material."""
    enough = events.where(events.grade >= grade)
    assets, _deals = pairs(enough.asset, enough.deal)
    numbers, times = np.unique(assets, return_counts=True)
    return dict(zip(numbers.tolist(), times.tolist(), strict=True))
