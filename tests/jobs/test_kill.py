"""A worker killed in the middle loses nothing and doubles nothing."""

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from contentlib.app import create_app
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.extraction import office
from contentlib.jobs.worker import Worker
from tests.audit.dying import kill

pytestmark = pytest.mark.slow
KILLS = 20
BEGUN = b"."


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contentlib", *words]
    return subprocess.run(
        command, env=environment(folder), capture_output=True, text=True, check=False
    )


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "CONTENTLIB_DATABASE_URL": f"sqlite:///{folder}/db",
        "CONTENTLIB_STORAGE_URL": f"file:{folder}/files",
        "CONTENTLIB_SEARCH_URL": f"whoosh:{folder}/index",
        "CONTENTLIB_SECRET_KEY": "kill-test-0123456789-abcdefghijklmnop",
        # Without an office suite, whose conversions would take longer than all the rest.
        "PATH": str(folder),
    }


def kill_a_worker_in_its_work(app: Flask, dice: random.Random) -> None:
    reading, telling = os.pipe()
    child = os.fork()
    if not child:
        work_for_ever(app, telling)
    os.close(telling)
    # However long a start takes, the signal comes when there is work at hand.
    assert kill((child, reading), after=dice.uniform(0.05, 0.6)) == BEGUN


def work_for_ever(app: Flask, telling: int) -> NoReturn:
    try:
        with app.app_context():
            # A connection belongs to the process that opened it.
            db.engine.dispose(close=False)
        worker = Worker(app, lease_seconds=60)
        os.write(telling, BEGUN)
        worker.run_forever()
    finally:
        os._exit(1)


def count(folder: Path, condition: str) -> int:
    with create_engine(f"sqlite:///{folder}/db").connect() as connection:
        rows = connection.execute(text(f"SELECT count(*) FROM {condition}"))
        return int(rows.scalar_one())


def test_a_worker_killed_twenty_times_finishes_everything_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tmp_path, "demo").returncode == 0
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(office, "office_program", lambda: None)
    app = create_app(Settings(_env_file=None))
    dice = random.Random(4)
    interrupted = 0
    for _kill in range(KILLS):
        kill_a_worker_in_its_work(app, dice)
        interrupted += count(tmp_path, "job WHERE state = 'running'") > 0
    # Between two jobs there is a moment at which a worker holds none.
    assert interrupted > KILLS / 2
    assert run(tmp_path, "worker", "--once").returncode == 0
    assert count(tmp_path, "job WHERE state = 'done'") > 0
    assert count(tmp_path, "job WHERE state <> 'done'") == 0
    assert count(tmp_path, "blob WHERE extraction = 'pending'") == 0
    verified = run(tmp_path, "search", "verify")
    assert verified.returncode == 0, verified.stdout
