"""Visits of who objects to being told apart as a reader: kept as bare openings of the link.

Limits and the defence against abuse need to know that a link was opened, and when; pages, times,
files, device and network are left out, and so is a verdict, which would be told of a person.
"""

from contentlib.sharing.visits.models import Visit, What

REASON = "opposed"
OPENINGS = frozenset({What.PAGE, What.GATE, What.REFUSED})
"""What is still kept, without anything of how it was asked for."""


def keep_bare(visit: Visit) -> None:
    """Keep of a visit from now on that it came, and nothing else."""
    visit.is_bare, visit.judge_at = True, None
    if visit.judged_at is None:
        visit.reasons = [REASON]
