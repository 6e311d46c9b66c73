"""Writing together what arrives together, so that the disk is waited for once and not for each.

Whoever puts something on the tray and finds nobody writing writes all that lies there; the others
wait for that and find theirs done. Nobody is answered before theirs is on the disk.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Put(Generic[T]):
    item: T
    is_done: bool = False
    error: BaseException | None = None


class Tray(Generic[T]):
    """Items on their way into the database, of one process."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._lying: list[_Put[T]] = []
        self._hand = threading.Lock()
        self._writing = threading.Lock()

    def put(self, item: T) -> None:
        """Return when an item is written; what went wrong is told to all whom it concerns."""
        mine = _Put(item)
        with self._hand:
            self._lying.append(mine)
        with self._writing:
            if not mine.is_done:
                self._take_all()
        if mine.error is not None:
            raise mine.error

    def _take_all(self) -> None:
        with self._hand:
            batch, self._lying = self._lying, []
        error: BaseException | None = None
        try:
            self._write([one.item for one in batch])
        except Exception as wrong:
            error = wrong
        for one in batch:
            one.error, one.is_done = error, True
