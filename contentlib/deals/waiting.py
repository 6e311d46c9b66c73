"""What a deal waits for: content before it closes, or the retro after."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_

from contentlib.deals.models import Deal, Outcome
from contentlib.deals.retros import coverage
from contentlib.library.taxonomy import Stage
from contentlib.usage.models import Grade, UsageEvent
from contentlib.usage.queries import counting

CLOSING_SOON = timedelta(days=14)
RETRO_WINDOW = timedelta(days=90)
LATE_STAGES = ("negotiation", "closing")

Conditions = tuple[ColumnElement[bool], ...]


class Waiting(StrEnum):
    """What is missing on a deal."""

    CONTENT = "without_content"
    RETRO = "without_retro"


def waits_for(what: Waiting, now: datetime, day: date) -> Conditions:
    """Return the conditions for deals that wait at a moment, which is a day of the firm."""
    return without_content(day) if what == Waiting.CONTENT else without_retro(now)


def without_content(day: date) -> Conditions:
    """Return the conditions for open deals that close soon and on which nothing was used yet.

    Without an expected day, a deal counts as closing soon in its last stages.
    """
    used = counting(UsageEvent.id).where(
        UsageEvent.deal_id == Deal.id, UsageEvent.grade >= Grade.SENT
    )
    soon = or_(
        Deal.expected_close <= day + CLOSING_SOON,
        Deal.expected_close.is_(None) & Deal.stage.has(Stage.key.in_(LATE_STAGES)),
    )
    return (Deal.outcome == Outcome.OPEN, soon, ~used.exists())


def without_retro(now: datetime) -> Conditions:
    """Return the conditions for deals closed of late whose retro nobody answered or skipped."""
    return (*lately_closed(now), ~coverage.answered(), ~coverage.skipped())


def lately_closed(now: datetime) -> Conditions:
    """Return the conditions for deals closed in the last ninety days."""
    return (Deal.outcome != Outcome.OPEN, Deal.closed_at >= now - RETRO_WINDOW)
