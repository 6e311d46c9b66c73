"""Time that is worked: hours between two moments, and the moment after so many hours.

Work is done on weekdays that are no holidays, between two times of the clock on the wall of one
zone. Moments are aware and may be in any zone; durations are real time, so that a clock that is
put forward or back inside the working hours makes that day shorter or longer, and never counts an
hour twice. Both answers agree: for every moment and every duration not below zero,
``between(moment, after(moment, duration)) == duration``.

Source of the rule: the service agreement of `docs/requests.md`. Nothing here reads a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contentlib.core.holidays import is_holiday

NONE = timedelta(0)
SATURDAY = 5
# Nobody agrees on more than this; a slip must not send the calendar to its end.
LONGEST = timedelta(days=3650)


@dataclass(frozen=True)
class WorkingHours:
    """When people work: from `begins` to `ends`, later on the same day, in a time zone."""

    zone: str
    begins: time = time(9)
    ends: time = time(18)

    @property
    def day_length(self) -> timedelta:
        """Return how long a working day is."""
        return _since_midnight(self.ends) - _since_midnight(self.begins)

    def days(self, number: float) -> timedelta:
        """Return the working time of so many working days."""
        return self.day_length * number

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from one moment to another; below zero if the other is before."""
        if end < start:
            return -self.between(end, start)
        worked = NONE
        for begins, ends in self._spans(start):
            if begins >= end:
                break
            worked += max(min(ends, end) - max(begins, start), NONE)
        return worked

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """Return the first moment at which so much has been worked; raises ValueError below zero.

        Nothing to work is done at once, also at night.
        """
        if not NONE <= duration <= LONGEST:
            raise ValueError(f"{duration} cannot be worked")
        if not duration:
            return start.astimezone(UTC)
        left = duration
        for begins, ends in self._spans(start):
            here = max(ends - max(begins, start), NONE)
            if here >= left:
                return max(begins, start) + left
            left -= here
        raise AssertionError("there is always another working day")

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give the working hours of each working day from the day of a moment on, in UTC."""
        day = start.astimezone(ZoneInfo(self.zone)).date()
        while True:
            if day.weekday() < SATURDAY and not is_holiday(day):
                yield self._at(day, self.begins), self._at(day, self.ends)
            day += timedelta(days=1)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)


def read_hours(text: str, zone: str) -> WorkingHours:
    """Read hours such as ``09:00-18:00``; raises ValueError for anything else."""
    begins, dash, ends = text.partition("-")
    hours = WorkingHours(zone, time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))
    if not dash or hours.day_length <= NONE:
        raise ValueError(f"{text!r} are no working hours")
    return hours


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
