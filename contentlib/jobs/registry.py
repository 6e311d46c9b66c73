"""Which function does which kind of job; packages above register theirs here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Payload = dict[str, Any]
Apply = Callable[[], None]
Upkeep = Callable[[], None]
Work = Callable[[Sequence[Payload]], Apply | None]


class NotYet(Exception):
    """Raised by a handler for what nobody here can mend: it is tried again, however often.

    Such a run counts as none of the attempts; whoever raises it decides when to give up.
    """

    def __init__(self, reason: str, pause: timedelta) -> None:
        super().__init__(reason)
        self.pause = pause


class GivenUp(Exception):
    """Raised by a handler for what no other attempt would bring about; a person may look at it."""


@dataclass(frozen=True)
class Handler:
    """A kind's function, how many jobs it takes at once, how often it is tried, how it ranks."""

    work: Work
    batch: int
    attempts: int
    rank: int


_handlers: dict[str, Handler] = {}


def handler(
    kind: str, *, batch: int = 1, attempts: int = 5, rank: int = 1
) -> Callable[[Work], Work]:
    """Register a function for a kind of job.

    It receives the payloads of some jobs, never two with one key, makes two sides agree and may be
    run twice for the same payload. It runs in a transaction that only reads, so that long work
    locks nobody out, and returns a function that writes the outcome down: the worker calls that in
    a short writing transaction of its own, and commits. Of what is due, lower ranks go first: 0 is
    for what a person waits for, 2 for what only makes things nicer.
    """

    def register(work: Work) -> Work:
        if kind in _handlers:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = Handler(work, batch, attempts, rank)
        return work

    return register


_daily: list[str] = []


def daily(kind: str) -> None:
    """Have a kind of job done when a worker starts and once a day: two sides may have parted."""
    _daily.append(kind)


def daily_kinds() -> tuple[str, ...]:
    """Return the kinds that are done once a day."""
    return tuple(_daily)


_upkeep: list[Upkeep] = []


def when_idle(work: Upkeep) -> Upkeep:
    """Have a function called now and then while nothing is due; it only reads the database."""
    _upkeep.append(work)
    return work


def upkeep() -> tuple[Upkeep, ...]:
    """Return what is done while nothing is due."""
    return tuple(_upkeep)


def ranks() -> dict[str, int]:
    """Return the rank of every kind."""
    return {kind: handler.rank for kind, handler in _handlers.items()}


def handler_of(kind: str) -> Handler | None:
    """Return who does this kind of job, or nothing for a kind that no package knows."""
    return _handlers.get(kind)
