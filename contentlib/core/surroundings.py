"""Out of which surroundings something is done: on a page, by a command, or by the worker; by whom.

What services write down of that they ask here, so that no caller can forget to pass it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import g, has_request_context
from flask_login import current_user


@dataclass(frozen=True)
class Surroundings:
    """Where something is done, for which person if for one, and in which request if in one."""

    surface: str
    person_id: int | None = None
    request_id: str | None = None


_COMMAND = Surroundings("command")
_kept: ContextVar[Surroundings] = ContextVar("surroundings", default=_COMMAND)


def surroundings() -> Surroundings:
    """Tell where what happens now happens."""
    # A command makes addresses as if in a request, which nobody sent.
    if not has_request_context() or "request_id" not in g:
        return _kept.get()
    return Surroundings("web", getattr(current_user, "id", None), g.request_id)


@contextmanager
def working(*, person_id: int | None = None) -> Iterator[None]:
    """Do the worker's work inside, in the name of the person who asked for it if one did."""
    token = _kept.set(Surroundings("worker", person_id))
    try:
        yield
    finally:
        _kept.reset(token)
