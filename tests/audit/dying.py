"""Processes that decide things and join what was decided, and may be killed at any moment."""

import os
import random
import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from contentlib.audit import Action, record, sealing
from contentlib.audit.models import AuditEntry
from contentlib.core.db import db
from contentlib.library.taxonomy import Tag, add_term
from tests.library.dying import installation


def fresh(folder: Path, database_url: str = "") -> Flask:
    """Give an installation whose tables are there and in which nobody is."""
    return installation(folder, database_url=database_url, people=False)


def decide(number: int) -> None:
    """Add a word, which is written down as it is made, and something else beside it."""
    add_term(Tag, f"Palavra {os.getpid()} {number}")
    if number % 5 == 0:
        record(Action.BACKUP_MADE, number=number)
    # Some decisions are taken back before they are made.
    if number % 7 == 0:
        db.session.rollback()
    else:
        db.session.commit()


def join_all() -> None:
    """Join what waits, as the worker does."""
    sealing.join(sealing.waiting(50))
    db.session.commit()


def in_a_process(app: Flask, work: Callable[[int], None]) -> tuple[int, int]:
    """Do work over and over in a process of its own; return its number, and what it tells of."""
    reading, telling = os.pipe()
    child = os.fork()
    if child:
        os.close(telling)
        return child, reading
    try:
        with app.app_context():
            db.engine.dispose(close=False)
            for number in count(1):
                work(number)
                db.session.rollback()
                os.write(telling, b".")
    finally:
        os._exit(1)


def kill(process: tuple[int, int], *, after: float = 0) -> bytes:
    """Kill a process some time after it has told of something, however busy the machine is.

    Return what it told, nothing if it ended before.
    """
    child, reading = process
    told = os.read(reading, 1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    return told


def killed_at_random(app: Flask, times: int, seed: int) -> None:
    """Let a process decide and another join, and kill one after the other, many times."""
    dice = random.Random(seed)
    for _ in range(times):
        processes = [
            in_a_process(app, decide),
            in_a_process(app, lambda _number: join_all()),
        ]
        dice.shuffle(processes)
        for process in processes:
            kill(process, after=dice.uniform(0, 0.15))


def words_without_entry(app: Flask) -> set[str]:
    """Return words that are there though nothing says so, and those that only an entry tells of."""
    with app.app_context():
        there = set(db.session.scalars(select(Tag.key)))
        entries = select(AuditEntry).where(AuditEntry.action == Action.TERM_ADDED)
        told = {entry.told["key"] for entry in db.session.scalars(entries)}
        return there ^ told
