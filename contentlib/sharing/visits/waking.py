"""When a visit is judged: soon after something came of it, and at last when nothing came for long.

A job does it, since a verdict reads all that a visit left. A visit has one job waiting, not one for
each thing that comes.
"""

from datetime import datetime, timedelta

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.sharing.visits.models import Visit

JUDGE = "sharing.judge"
AT_REST = timedelta(minutes=1)
"""Pages in use report more often, so that one silent for this long was probably left."""
AFTER_REPORT = timedelta(seconds=15)
OVER = timedelta(minutes=30)
"""After this long without anything a visit is over; who comes again begins another."""
LOST = timedelta(minutes=10)
"""A job due for this long was laid aside, and waiting for it would be in vain."""


def judge_later(visit: Visit, at: datetime) -> None:
    """Have a visit judged at a moment, unless that will be done as early anyway, or never."""
    if not visit.is_bare and not is_soon_enough(visit.judge_at, at):
        visit.judge_at = at
        ask(visit.id, at)


def is_soon_enough(judge_at: datetime | None, at: datetime) -> bool:
    """Tell whether a job that waits already comes in time."""
    return judge_at is not None and now() - LOST < judge_at <= at


def ask(visit_id: int, at: datetime) -> None:
    """Ask for the job; whoever asks notes on the visit when it is due."""
    jobs.enqueue(JUDGE, str(visit_id), {"visit": visit_id}).run_after = at


def next_look(last_at: datetime, moment: datetime) -> datetime | None:
    """Return when a visit is to be looked at again; never, once it is over."""
    silent = moment - last_at
    if silent >= OVER:
        return None
    return last_at + (AT_REST if silent < AT_REST else OVER)
