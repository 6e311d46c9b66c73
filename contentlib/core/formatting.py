"""How numbers, money, days and sizes are written for the person who reads."""

import re
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, format_decimal
from flask import Flask
from flask_babel import get_locale, get_timezone, gettext
from markupsafe import Markup, escape

from contentlib.core import clock
from contentlib.core.money import format_money, minor_digits


def _locale() -> str:
    return str(get_locale())


def money(minor: int, currency: str, cents: bool = False) -> str:
    """Write an amount, by default in whole units as on a report's large figures."""
    return format_money(minor, currency, _locale(), cents=cents)


def exact_money(minor: int, currency: str) -> Markup:
    """Write an amount to the cent, the cents so that they can be set smaller."""
    text, digits = money(minor, currency, cents=True), minor_digits(currency)
    if not digits:
        return escape(text)
    place = -1 - digits
    return Markup("{}<small>{}</small>").format(text[:place], text[place:])


def number(value: float, digits: int = 0) -> str:
    """Write a number with the locale's separators."""
    value = round(value, digits)
    # Most numbers on a page are small and whole, and look the same in both languages.
    small = isinstance(value, int) and 0 <= value < 1000
    return str(value) if small else format_decimal(value, locale=_locale())


def compact(value: float) -> str:
    """Write a large number in few letters, such as `1,2 mi`."""
    return format_compact_decimal(value, locale=_locale(), fraction_digits=1)


def percent(part: float, whole: float = 1, digits: int = 0) -> str:
    """Write a share such as `70 %` (in English `70%`), or a dash when there is no whole."""
    if not whole:
        return "—"
    pattern = "#,##0" + "." * bool(digits) + "0" * digits
    share = format_decimal(100 * part / whole, pattern, locale=_locale())
    return f"{share}\u202f%" if _locale().startswith("pt") else f"{share}%"


def day(value: date | datetime | None, style: str = "d MMM y") -> str:
    """Write a calendar day in the person's zone and language, on one line, or a dash."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = clock.local_day(value, str(get_timezone()))
    if style == "full":
        style = "EEEE, d 'de' MMMM 'de' y" if _locale().startswith("pt") else "EEEE, d MMMM y"
    if style == "d MMM y" and value.year == clock.today(str(get_timezone())).year:
        style = "d MMM"
    return _written_day(value, style, _locale())


@lru_cache(maxsize=1024)
def _written_day(value: date, style: str, locale: str) -> str:
    written = format_date(value, style, locale=locale).replace(".", "")
    return written if style.startswith("EEEE") else written.replace(" ", "\xa0")


def moment(value: datetime | None) -> str:
    """Write a day and time in the person's zone, or a dash."""
    if value is None:
        return "—"
    return f"{day(value)},\xa0{clock_time(value)}"


def ago(value: datetime | None) -> str:
    """Write how many days ago something was, in words."""
    if value is None:
        return "—"
    zone = str(get_timezone())
    days = (clock.today(zone) - clock.local_day(value, zone)).days
    if days <= 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    return gettext("%(days)s days ago", days=number(days))


def clock_time(value: datetime) -> str:
    """Write the time of day in the person's zone."""
    return str(format_datetime(value, "HH:mm", tzinfo=get_timezone(), locale=_locale()))


def duration(seconds: float) -> str:
    """Write a length of time as people say it, such as `3 min 10 s`; hours without seconds."""
    whole = max(round(seconds), 0)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = ((hours, "h"), (minutes, "min"), (rest if not hours else 0, "s"))
    said = "\xa0".join(f"{value}\xa0{unit}" for value, unit in parts if value)
    return said or "0\xa0s"


def file_size(size: int) -> str:
    """Write a size in bytes as people do, such as `1,2 MB`."""
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{number(amount, 0 if unit == 'B' else 1)}\xa0{unit}"
        amount /= 1000
    return f"{number(amount, 1)}\xa0GB"


def address(email: str) -> Markup:
    """Write an e-mail address so that a narrow column breaks it where a reader would."""
    return Markup("<wbr>").join(re.split(r"(?=[@.])", email))


def init_app(app: Flask) -> None:
    """Offer every writer as a filter to templates."""
    words = (day, moment, clock_time, ago, duration, file_size, address)
    writers = (money, exact_money, number, compact, percent, *words)
    app.jinja_env.filters.update({writer.__name__: writer for writer in writers})
