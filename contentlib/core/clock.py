"""The one place time comes from, so that tests can hold it still."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this moment, aware and in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime, timezone: str) -> date:
    """Return the calendar day of a moment in the given zone, where day limits are decided."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def today(timezone: str) -> date:
    """Return the calendar day it is now in the given zone."""
    return local_day(now(), timezone)


def start_of_day(day: date, timezone: str) -> datetime:
    """Return the UTC moment at which a calendar day begins in a zone.

    A midnight that does not exist (2018-11-04 in São Paulo) maps to the first existing moment.
    """
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
