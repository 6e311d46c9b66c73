"""Named moments at which a test lets the process die, to see what is left.

Outside of tests nobody listens, and a moment costs one comparison.
"""

from collections.abc import Callable

_listener: Callable[[str], None] | None = None


def reached(point: str) -> None:
    """Say that a named moment has come."""
    if _listener is not None:
        _listener(point)


def listen(listener: Callable[[str], None] | None) -> None:
    """Hear of every moment from now on, or with None of none."""
    global _listener  # noqa: PLW0603 - one process has one listener
    _listener = listener
