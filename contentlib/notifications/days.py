"""News under the days on which it was told, as a reader's calendar has them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from contentlib.core.clock import local_day
from contentlib.notifications.models import Notification


def by_day(
    rows: Sequence[Notification], timezone: str
) -> Iterator[tuple[date, list[Notification]]]:
    """Give each day with its news, in the order of the rows."""
    for day, told in groupby(rows, lambda news: local_day(news.told_at, timezone)):
        yield day, list(told)
