"""Judging visits after the fact, many at once."""

from collections.abc import Sequence

from contentlib import jobs
from contentlib.jobs.registry import Apply, Payload
from contentlib.sharing.visits import settling
from contentlib.sharing.visits.waking import JUDGE


@jobs.handler(JUDGE, batch=50)
def judge(payloads: Sequence[Payload]) -> Apply:
    """Judge visits by what they left until now."""
    ids = [payload["visit"] for payload in payloads]
    return lambda: settling.settle(ids)
