"""Honest transactions on SQLite, which its driver would begin, end and upgrade as it likes."""

import sqlite3
import threading
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from contentlib.core.db import only_reads
from contentlib.core.turns import Turns

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-65536",
    "mmap_size=268435456",
)


def make_sqlite_honest(engine: Engine) -> None:
    """Take transactions out of the driver's hands and begin them as the work needs.

    The driver's default loses updates silently, and a deferred transaction that turns into a
    writing one fails with "locked" however patient it is; hence BEGIN IMMEDIATE for all but
    readers, each in its turn.
    """
    if engine.dialect.name != "sqlite":
        return
    line = threading.Lock()

    @event.listens_for(engine, "do_connect")
    def connect(*about: Any) -> None:
        about[-1]["factory"] = Turns

    @event.listens_for(engine, "connect")
    def configure(connection: Turns, _record: object) -> None:
        connection.isolation_level = None
        connection.line = line
        connection.wait_as_usual()
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if only_reads():
            connection.exec_driver_sql("BEGIN DEFERRED")
        else:
            begin_writing(connection.connection.driver_connection)


def begin_writing(connection: Any) -> None:
    """Begin to write in turn; a refusal is told as that of any statement."""
    try:
        connection.begin_writing()
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
