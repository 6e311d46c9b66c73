"""How many searches of one person a process answers at once: the other threads are for others.

Nobody types as fast as this: a search takes some hundredths of a second, and an eighth passes
between two letters that are searched for. A program that asks without a pause is told to wait.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock

from flask import current_app
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me
from contentlib.core.errors import N_, TooMany

FEWEST = 2


class AtOnce:
    """Counts what is being done for each person."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._doing: Counter[int] = Counter()

    @contextmanager
    def of(self, person: int, *, most: int) -> Iterator[None]:
        """Do one more thing for a person, or refuse it where that would be more than ``most``."""
        with self._lock:
            if self._doing[person] >= most:
                raise TooMany(N_("You search faster than answers come. Try again in a moment."))
            self._doing[person] += 1
        try:
            yield
        finally:
            with self._lock:
                self._doing[person] -= 1
                if not self._doing[person]:
                    del self._doing[person]


SEARCHES = AtOnce()


def few_at_once(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Let nobody's searches take more than half of the threads of a process."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        threads: int = current_app.extensions["settings"].threads
        with SEARCHES.of(me().id, most=max(FEWEST, threads // 2)):
            return view()

    return guarded
