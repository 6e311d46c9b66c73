"""The worker's part: months are brought up to date every day; reports are never behind them."""

from collections.abc import Sequence

from flask import current_app

from contentlib import jobs
from contentlib.jobs.registry import Apply, Payload
from contentlib.reports.facts.keeping import Portion, next_portion

MONTHS = "reports.months"

jobs.daily(MONTHS)


@jobs.handler(MONTHS, rank=2)
def keep_months(_payloads: Sequence[Payload]) -> Apply:
    """Bring some months up to date, and go on at once while others wait."""
    portion = next_portion(current_app.extensions["settings"].timezone)
    return lambda: _keep(portion)


def _keep(portion: Portion) -> None:
    portion.keep()
    if portion.left:
        jobs.enqueue(MONTHS, "further")
