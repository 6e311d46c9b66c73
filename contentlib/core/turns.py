"""Writers of one process take turns before they ask SQLite, which lets one write at a time.

SQLite has who finds it taken sleep and try again, up to a tenth of a second at a time and in no
order: with a dozen threads a machine idles while all of them wait, and once a queue has come about
it does not go away. Here each is woken by the one before, and the one of each process whose turn it
is asks SQLite again every millisecond.
"""

import sqlite3
import threading
import time

PATIENCE = 5.0
"""Seconds that a writer waits for its turn, and then as long again for those of other processes."""
ASK_AGAIN = 0.001


class Turns(sqlite3.Connection):
    """A connection that begins to write in its turn; all of one database share the `line`."""

    line: threading.Lock
    _has_turn = False

    def begin_writing(self) -> None:
        """Begin a transaction that writes; raises as SQLite does when that takes too long."""
        if not self.line.acquire(timeout=PATIENCE):
            raise sqlite3.OperationalError("database is locked")
        self._has_turn = True
        self.execute("PRAGMA busy_timeout=0")
        try:
            self._begin(time.monotonic() + PATIENCE)
        except BaseException:
            self._end_turn()
            raise
        finally:
            self.wait_as_usual()

    def wait_as_usual(self) -> None:
        """Leave the rare other waits to SQLite: a reader's, while a crash is being mended."""
        self.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")

    def _begin(self, until: float) -> None:
        while True:
            try:
                self.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                is_taken = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_taken or time.monotonic() > until:
                    raise
                time.sleep(ASK_AGAIN)
            else:
                return

    def commit(self) -> None:
        """Commit, or undo what cannot be committed.

        SQLite leaves such a transaction open, and the pool would keep it so while everybody waits:
        it takes a commit that fails for the end, as it is with other databases.
        """
        try:
            super().commit()
        except BaseException:
            self.rollback()
            raise
        self._end_turn()

    def rollback(self) -> None:
        """Undo what was begun."""
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        """Close, whatever was begun."""
        try:
            super().close()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self.line.release()
