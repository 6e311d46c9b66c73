"""Work done after the response: a row in the same transaction as its cause, run by a worker."""

from contentlib.jobs.queue import enqueue
from contentlib.jobs.registry import GivenUp, NotYet, daily, handler, when_idle

__all__ = ["GivenUp", "NotYet", "daily", "enqueue", "handler", "when_idle"]
