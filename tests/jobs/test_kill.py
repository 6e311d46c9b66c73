"""A worker killed in the middle loses nothing and doubles nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

pytestmark = pytest.mark.slow
KILLS = 20


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
    }


def kill_a_worker_in_its_work(folder: Path, dice: random.Random) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "contentlib", "worker"],
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(dice.uniform(1.2, 2.5))
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def test_a_worker_killed_twenty_times_finishes_everything_once(tmp_path: Path) -> None:
    assert run(tmp_path, "demo").returncode == 0
    dice = random.Random(4)
    for _kill in range(KILLS):
        kill_a_worker_in_its_work(tmp_path, dice)
    assert run(tmp_path, "worker", "--once").returncode == 0
    with create_engine(f"sqlite:///{tmp_path}/db").connect() as connection:
        states = dict(connection.execute(text("SELECT state, count(*) FROM job GROUP BY 1")).all())
        pending = connection.execute(
            text("SELECT count(*) FROM blob WHERE extraction = 'pending'")
        ).scalar_one()
    assert set(states) == {"done"}
    assert pending == 0
    verified = run(tmp_path, "search-index", "verify")
    assert verified.returncode == 0, verified.stdout
