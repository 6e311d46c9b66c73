"""Work done after the response: a row in the same transaction as its cause, run by a worker."""

from contentlib.jobs.queue import enqueue
from contentlib.jobs.registry import daily, handler, when_idle

__all__ = ["daily", "enqueue", "handler", "when_idle"]
