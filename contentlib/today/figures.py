"""The three figures a manager starts the day with, exactly as the reports count them."""

from dataclasses import dataclass
from datetime import date

from contentlib.core.config import Settings
from contentlib.reports import revenue
from contentlib.reports.credit import Ledger
from contentlib.reports.periods import read_period
from contentlib.reports.revenue import Coverage
from contentlib.reports.revenue_scope import Scope


@dataclass(frozen=True)
class Figures:
    """What was won this month, and of the last ninety days how much has a retro."""

    currency: str
    month: Ledger
    retros: Coverage


def figures_of(day: date, settings: Settings) -> Figures:
    """Return the figures in the currency in which most deals are won."""
    currency = next(iter(revenue.currencies()), settings.currency)

    def scope(kind: str) -> Scope:
        period = read_period(kind, "", "", today=day, zone=settings.timezone)
        return Scope(period, currency, settings.unused_grade)

    return Figures(currency, revenue.ledger_of(scope("month")), revenue.coverage(scope("last90")))
