"""On how many wins like a deal a material was used: the closest to "did it help others like me".

Similar to a deal is another one of the same pipeline, won within a year, whose company is of the
same industry or whose size is the same, as far as either is known. Nothing else is weighed: what
similar means has to be said in one sentence. The interval tells how little a few deals say.

Call prep (contentlib/prep/similar.py) compares more closely, by the stage reached and the personas
and over two years, since it weighs materials for one conversation and can say below its cards by
what they were compared. Here the palette asks for one answer at a time, between two keystrokes, and
has half a line to say it. The words shown name the twelve months, so that nobody takes one number
for the other.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from contentlib.core.db import db
from contentlib.core.proportion import Proportion
from contentlib.deals.models import Company, Deal, Outcome
from contentlib.deals.wins import before_close
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import counting

YEAR = timedelta(days=365)


def similar_wins(asset_id: int, deal: Deal | None, *, moment: datetime, grade: int) -> Proportion:
    """Return the wins of the year before a moment on which a material was used, of all those alike.

    Without a deal all wins are alike. An event is use from a grade of evidence on. The numbers are
    the firm's, whoever looks.
    """
    alike = _won_in_the_year(moment) + (_like(deal) if deal else [])
    # Named one by one, so that the index by material and grade serves.
    grades = [known for known in Grade if known >= grade]
    used = (
        counting(func.count(Deal.id.distinct()))
        .select_from(UsageEvent)
        .join(Deal, Deal.id == UsageEvent.deal_id)
        .join(Company, Company.id == Deal.company_id, isouter=True)
        .where(UsageEvent.asset_id == asset_id, UsageEvent.grade.in_(grades))
        .where(*before_close(), *alike)
    )
    part = db.session.scalar(used) or 0
    won = select(func.count(Deal.id)).join(Company, Company.id == Deal.company_id, isouter=True)
    return Proportion(part, db.session.scalar(won.where(*alike)) or 0)


def _won_in_the_year(moment: datetime) -> list[ColumnElement[bool]]:
    return [
        Deal.outcome == Outcome.WON,
        Deal.closed_at > moment - YEAR,
        Deal.closed_at <= moment,
    ]


def _like(deal: Deal) -> list[ColumnElement[bool]]:
    """Return what makes another deal similar; of a deal of which little is known, its pipeline."""
    traits: list[ColumnElement[bool]] = []
    industry: Any = deal.company.industry if deal.company else None
    size = deal.size_band or (deal.company.size_band if deal.company else None)
    if industry:
        traits.append(Company.industry == industry)
    if size:
        traits.append(func.coalesce(Deal.size_band, Company.size_band) == size)
    others = [Deal.id != deal.id, Deal.pipeline_id == deal.pipeline_id]
    return [*others, or_(*traits)] if traits else others
