"""Which function does which kind of job; packages above register theirs here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
Apply = Callable[[], None]
Work = Callable[[Sequence[Payload]], Apply | None]


@dataclass(frozen=True)
class Handler:
    """A kind's function, how many jobs it takes at once and how often it is tried."""

    work: Work
    batch: int
    attempts: int


_handlers: dict[str, Handler] = {}


def handler(kind: str, *, batch: int = 1, attempts: int = 5) -> Callable[[Work], Work]:
    """Register a function for a kind of job.

    It receives the payloads of some jobs, never two with one key, makes two sides agree and may be
    run twice for the same payload. It runs in a transaction that only reads, so that long work
    locks nobody out, and returns a function that writes the outcome down: the worker calls that in
    a short writing transaction of its own, and commits.
    """

    def register(work: Work) -> Work:
        if kind in _handlers:
            raise ValueError(f"two handlers for {kind}")
        _handlers[kind] = Handler(work, batch, attempts)
        return work

    return register


_daily: list[str] = []


def daily(kind: str) -> None:
    """Have a kind of job done when a worker starts and once a day: two sides may have parted."""
    _daily.append(kind)


def daily_kinds() -> tuple[str, ...]:
    """Return the kinds that are done once a day."""
    return tuple(_daily)


def handler_of(kind: str) -> Handler | None:
    """Return who does this kind of job, or nothing for a kind that no package knows."""
    return _handlers.get(kind)
