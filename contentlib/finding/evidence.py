"""What stands beside a result of its record: on how many of the year's won deals it was used."""

from collections.abc import Sequence
from datetime import date, timedelta

from contentlib.core.clock import start_of_day
from contentlib.core.config import Settings
from contentlib.deals.wins import Wins, wins_of
from contentlib.finding.results import Result

YEAR = timedelta(days=365)


def evidence_of(results: Sequence[Result], day: date, settings: Settings) -> dict[int, Wins]:
    """Return the wins of a page's materials in the year up to a day, by asset."""
    after = day + timedelta(days=1)
    return wins_of(
        [result.asset.id for result in results],
        start=start_of_day(after - YEAR, settings.timezone),
        end=start_of_day(after, settings.timezone),
        grade=settings.unused_grade,
    )
