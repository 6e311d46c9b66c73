"""The stretch of days a report speaks of, by calendar days in the firm's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contentlib.core.clock import start_of_day
from contentlib.core.errors import N_, Invalid

KINDS = ("month", "quarter", "year", "last90", "last365", "custom")


@dataclass(frozen=True)
class Period:
    """Days from `first` up to and including `last`; `kind` says how they were chosen."""

    kind: str
    first: date
    last: date
    zone: str

    @property
    def start(self) -> datetime:
        """Return the moment the period begins."""
        return start_of_day(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """Return the first moment after the period."""
        return start_of_day(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1

    def parameters(self) -> dict[str, Any]:
        """Return what an address says to mean this period."""
        if self.kind != "custom":
            return {"period": self.kind}
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def before(self) -> "Period":
        """Return the period of the same kind just before this one."""
        eve = self.first - timedelta(days=1)
        if self.kind in ("month", "quarter", "year"):
            return calendar_period(self.kind, eve, self.zone)
        return Period(self.kind, eve - timedelta(days=self.days - 1), eve, self.zone)


def calendar_period(kind: str, day: date, zone: str) -> Period:
    """Return the whole month, quarter or year that a day lies in."""
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    month = (day.month - 1) // months * months + 1
    first = date(day.year, month, 1)
    after = date(day.year + (month + months > 12), (month + months - 1) % 12 + 1, 1)
    return Period(kind, first, after - timedelta(days=1), zone)


def months_between(first: date, last: date, zone: str) -> list[Period]:
    """Return the whole months from that of one day to that of another."""
    months = [calendar_period("month", first, zone)]
    while months[-1].last < last:
        months.append(calendar_period("month", months[-1].last + timedelta(days=1), zone))
    return months


def asked_period(args: Any, *, today: date, zone: str, default: str = "quarter") -> Period:
    """Return the period that an address asks for by `period`, or by `from` and `to`."""
    told = (args.get(name, "") for name in ("period", "from", "to"))
    return read_period(*told, today=today, zone=zone, default=default)


def read_period(
    kind: str, first: str, last: str, *, today: date, zone: str, default: str = "quarter"
) -> Period:
    """Read a period from an address; `first` and `last` (ISO days) make a chosen one."""
    if first or last:
        return chosen(first, last, today=today, zone=zone)
    kind = kind if kind in KINDS and kind != "custom" else default
    if kind in ("last90", "last365"):
        span = timedelta(days=int(kind.removeprefix("last")) - 1)
        return Period(kind, today - span, today, zone)
    return calendar_period(kind, today, zone)


def chosen(first: str, last: str, *, today: date, zone: str) -> Period:
    """Return the period between two ISO days, an open end being today."""
    begin, end = _day(first, date(2000, 1, 1)), _day(last, today)
    if begin > end:
        raise Invalid(N_("The period ends before it begins."), field="from")
    return Period("custom", begin, end, zone)


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("“%(text)s” is not a day."), field="from", text=text[:20]) from None
    if not 1990 <= day.year <= 2200:
        raise Invalid(N_("“%(text)s” is not a day."), field="from", text=text[:20])
    return day
