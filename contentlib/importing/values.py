"""What people write in cells: moments, money and addresses, read into what is kept."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.numbers import is_currency

from contentlib.core.clock import local_day, start_of_day
from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import one_line, visible
from contentlib.core.money import parse_money

_BRAZILIAN = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_MONEY = re.compile(r"(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥])?\s*[-+−]?\s*[$€£¥]?\s*\d[\d.,\s]*")
_SPREADSHEET_GUARD = re.compile(r"\A'(?='*[=+\-@\t\r])")
EARLIEST = 1970
# One second before the next day begins: what happens on a day happens before its end.
_ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """A moment as a cell tells it; `day` is set when only the calendar day is known."""

    moment: datetime
    day: date | None = None

    def agrees_with(self, known: datetime | None, zone: str) -> bool:
        """Tell whether what is known already says the same, as exactly as this was told."""
        if known is None or self.day is None:
            return known == self.moment
        return local_day(known, zone) == self.day

    def at_end(self, zone: str, now: datetime) -> datetime:
        """Return the moment for something that ends with its day, such as a deal's close."""
        if self.day is None:
            return self.moment
        end = start_of_day(self.day + timedelta(days=1), zone) - _ONE_SECOND
        return end if end <= now else self.moment


def clean(text: str) -> str:
    """Return a cell's words on one line, without what spreadsheets and files leave around them."""
    return _SPREADSHEET_GUARD.sub("", one_line(text))


def clean_lines(text: str) -> str:
    """Return a cell's words on as many lines as they have, cleaned in the same way."""
    return _SPREADSHEET_GUARD.sub("", visible(text).strip())


def read_moment(text: str, *, field: str, zone: str, brazilian: bool) -> Told:
    """Read an ISO 8601 day or time, and 31/12/2025 where that is allowed.

    A time without zone is one of the firm's zone. Days that do not exist are refused.
    """
    swapped = _BRAZILIAN.fullmatch(text) if brazilian else None
    if swapped:
        day, month, year, clock = swapped.groups()
        text = f"{year}-{month:0>2}-{day:0>2}" + (f"T{clock:0>5}" if clock else "")
    try:
        told = _from_iso(text, zone)
    except (ValueError, OverflowError):
        sentence = (
            N_("“%(text)s” is not a day that exists; write 2025-12-31 or 31/12/2025.")
            if brazilian
            else N_("“%(text)s” is not a day that exists; write it as 2025-12-31.")
        )
        raise Invalid(sentence, field=field, text=text[:40]) from None
    return told


def _from_iso(text: str, zone: str) -> Told:
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    if int(text[:4]) < EARLIEST:
        raise ValueError(text)
    if len(text) == 10:
        day = date.fromisoformat(text)
        return Told(start_of_day(day, zone), day)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = datetime.combine(moment.date(), moment.time(), ZoneInfo(zone))
    return Told(moment.astimezone(UTC))


def read_amount(text: str, currency: str, *, field: str = "amount") -> int:
    """Read an amount in whole units as people write it; negative and vast ones are refused."""
    if not _MONEY.fullmatch(text):
        raise Invalid(N_("“%(text)s” is not an amount of money."), field=field, text=text[:40])
    minor = parse_money(text, currency)
    if minor < 0:
        raise Invalid(N_("The amount of a deal cannot be negative."), field=field)
    return minor


def read_currency(text: str) -> str:
    """Read a currency by its three letters."""
    code = text.upper()
    if not is_currency(code):
        raise Invalid(
            N_("“%(text)s” is not a currency; write its three letters, such as BRL."),
            field="currency",
            text=text[:20],
        )
    return code
