"""The days on which business rests all over Brazil, computed for any year.

Source: Lei 662/1949, Lei 6.802/1980, Lei 9.093/1995, Lei 10.607/2002 and Lei 14.759/2023 for the
national holidays; Carnival and Corpus Christi, which are none by law but on which banks and most
firms are closed, as in ANBIMA's calendar. Easter by the rule of Meeus, Jones and Butcher (Meeus,
"Astronomical Algorithms", 2nd ed., chapter 8), right for every year of the Gregorian calendar.
"""

from datetime import date, timedelta
from functools import lru_cache

FIXED = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25))
# Carnival's Monday and Tuesday, Good Friday, Corpus Christi, in days from Easter Sunday.
FROM_EASTER = (-48, -47, -2, 60)
# The day of Zumbi became a national holiday by a law of December 2023.
BLACK_AWARENESS, SINCE = (11, 20), 2024


def easter(year: int) -> date:
    """Return Easter Sunday of a year."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    w = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * w) // 451
    month, day = divmod(h + w - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which business rests."""
    fixed = {date(year, month, day) for month, day in FIXED}
    if year >= SINCE:
        fixed.add(date(year, *BLACK_AWARENESS))
    sunday = easter(year)
    return frozenset(fixed | {sunday + timedelta(days=days) for days in FROM_EASTER})


def is_holiday(day: date) -> bool:
    """Tell whether business rests on a day."""
    return day in holidays(day.year)
