"""When the next daily letter goes out: at eight in the morning where its reader is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contentlib.core.clock import local_day

EIGHT = time(8)


def next_morning(moment: datetime, timezone: str) -> datetime:
    """Return the first eight o'clock after a moment in a zone, in UTC."""
    day = local_day(moment, timezone)
    morning = _morning(day, timezone)
    return morning if morning > moment else _morning(day + timedelta(days=1), timezone)


def _morning(day: date, timezone: str) -> datetime:
    return datetime.combine(day, EIGHT, ZoneInfo(timezone)).astimezone(UTC)
