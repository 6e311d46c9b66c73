"""When people at the firm do things: on weekdays, between eight and seven."""

from datetime import UTC, datetime, timedelta
from random import Random

BRASILIA = timedelta(hours=-3)


def at_work(moment: datetime, rng: Random, *, until: datetime) -> datetime:
    """The same day, or the Monday after, at some working hour; never later than `until`."""
    local = moment + BRASILIA
    local += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[local.weekday()])
    hour = rng.triangular(8, 19, 11)
    local = datetime(local.year, local.month, local.day, tzinfo=UTC) + timedelta(hours=hour)
    return min(local - BRASILIA, until)


def later(moment: datetime, rng: Random, *, days: float, until: datetime) -> datetime:
    """Some time after, on average `days` later, at work."""
    wait = timedelta(days=rng.expovariate(1 / days))
    return max(at_work(moment + wait, rng, until=until), moment)
