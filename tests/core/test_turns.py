"""Threads and processes that write to one SQLite database, one after the other."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from contentlib.core import turns
from contentlib.core.sqlite import make_sqlite_honest


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'turns.sqlite3'}")
    make_sqlite_honest(engine)
    with engine.begin() as line:
        line.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        line.execute(
            text("CREATE TABLE child (p INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
        )
    yield engine
    engine.dispose()


@pytest.fixture
def elsewhere(engine: Engine) -> Iterator[sqlite3.Connection]:
    """A connection as another process has it: it knows of no turns."""
    other = sqlite3.connect(str(engine.url.database), isolation_level=None, check_same_thread=False)
    yield other
    other.close()


def write(engine: Engine) -> None:
    with engine.begin() as line:
        line.execute(text("INSERT INTO parent DEFAULT VALUES"))


def count(engine: Engine) -> int:
    with engine.connect() as line:
        return int(line.scalar(text("SELECT count(*) FROM parent")) or 0)


def at_once(act: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_threads_add_to_one_number_is_all_there(engine: Engine) -> None:
    write(engine)

    def add() -> None:
        for _ in range(20):
            with engine.begin() as line:
                known = line.scalar(text("SELECT max(id) FROM parent"))
                line.execute(text("UPDATE parent SET id = :id"), {"id": known + 1})

    at_once(add, 8)
    with engine.connect() as line:
        assert line.scalar(text("SELECT id FROM parent")) == 161


def test_one_process_asks_sqlite_by_one_thread(
    engine: Engine, elsewhere: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, most = set(), []
    begin = turns.Turns._begin

    def watched(self: turns.Turns, until: float) -> None:
        asking.add(threading.get_ident())
        most.append(len(asking))
        begin(self, until)
        asking.discard(threading.get_ident())

    monkeypatch.setattr(turns.Turns, "_begin", watched)
    elsewhere.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, elsewhere.rollback).start()
    at_once(lambda: write(engine), 8)
    assert (count(engine), max(most)) == (8, 1)


def test_who_waits_too_long_is_told_so_and_the_next_one_writes(
    engine: Engine, elsewhere: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    elsewhere.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="database is locked"):
        write(engine)
    elsewhere.rollback()
    with engine.begin(), pytest.raises(OperationalError, match="database is locked"):
        write(engine)
    write(engine)
    assert count(engine) == 1


def test_a_commit_that_fails_is_undone_and_holds_nobody_up(engine: Engine) -> None:
    with engine.connect() as line:
        line.execute(text("INSERT INTO child VALUES (7)"))
        with pytest.raises(IntegrityError):
            line.commit()
        write(engine)
    with engine.connect() as line:
        assert line.scalar(text("SELECT count(*) FROM child")) == 0
    assert count(engine) == 1


def test_a_connection_that_is_thrown_away_gives_its_turn_back(engine: Engine) -> None:
    with engine.connect() as line:
        line.execute(text("INSERT INTO parent DEFAULT VALUES"))
        line.invalidate()
    write(engine)
    assert count(engine) == 1
