"""A worker killed in the middle loses nothing and doubles nothing."""

import os
import random
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
        # Without an office suite, whose conversions would take longer than all the rest.
        "PATH": str(folder),
    }


def kill_a_worker_in_its_work(folder: Path, dice: random.Random) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "contentlib", "worker"],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    with worker:
        assert worker.stdout is not None
        # However long a start takes, the signal comes when there is work at hand.
        assert any("worker started" in line for line in worker.stdout)
        time.sleep(dice.uniform(0.05, 0.6))
        worker.kill()


def count(folder: Path, condition: str) -> int:
    with create_engine(f"sqlite:///{folder}/db").connect() as connection:
        rows = connection.execute(text(f"SELECT count(*) FROM {condition}"))
        return int(rows.scalar_one())


def test_a_worker_killed_twenty_times_finishes_everything_once(tmp_path: Path) -> None:
    assert run(tmp_path, "demo").returncode == 0
    dice = random.Random(4)
    interrupted = 0
    for _kill in range(KILLS):
        kill_a_worker_in_its_work(tmp_path, dice)
        interrupted += count(tmp_path, "job WHERE state = 'running'") > 0
    # Between two jobs there is a moment at which a worker holds none.
    assert interrupted > KILLS / 2
    assert run(tmp_path, "worker", "--once").returncode == 0
    assert count(tmp_path, "job WHERE state = 'done'") > 0
    assert count(tmp_path, "job WHERE state <> 'done'") == 0
    assert count(tmp_path, "blob WHERE extraction = 'pending'") == 0
    verified = run(tmp_path, "search", "verify")
    assert verified.returncode == 0, verified.stdout
