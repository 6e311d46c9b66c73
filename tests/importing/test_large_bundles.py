"""Bundles of thousands of files, and workers that are killed while they take them in."""

import os
import random
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core import failpoints
from contentlib.core.db import db
from contentlib.importing.bundles import looking, service, taking
from contentlib.importing.models import ImportRow, ImportRun, State
from contentlib.jobs.models import Job
from contentlib.jobs.worker import Worker
from contentlib.library.models import Asset, AssetVersion, Blob
from contentlib.storage import object_key
from contentlib.storage.current import current_storage
from tests.importing import bundled
from tests.library.dying import die_at, forked, installation

MOST_MEMORY = 64 * 2**20


def archive_of(folder: Path, number: int) -> Path:
    """Pack small texts, no two of the same bytes, in folders as people have them."""
    path = folder / "drive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(number):
            name = f"Drive/Casos de sucesso/Cliente {place // 50:03}/Ata número {place}.txt"
            archive.writestr(name, f"Ata {place}: o cliente não quer mais do que já tem. " * 3)
    return path


def begin(app: Flask, path: Path) -> int:
    with app.app_context():
        run = bundled.begin(path, db.session.scalars(select(User)).first())
        db.session.commit()
        return run.id


def start(app: Flask, run_id: int) -> None:
    with app.app_context():
        service.start(db.session.get_one(ImportRun, run_id))
        db.session.commit()


def state_of(app: Flask, run_id: int) -> State:
    with app.app_context():
        return db.session.get_one(ImportRun, run_id).state


def work_on(app: Flask, kinds: tuple[str, ...]) -> None:
    """Do jobs of some kinds only; reading thousands of files is another matter."""
    with app.app_context():
        others = ~Job.kind.in_(kinds)
        for job in db.session.scalars(select(Job).where(others)):
            db.session.delete(job)
        db.session.commit()
    worker = Worker(app, lease_seconds=60)
    worker.release_dead_neighbours()
    while worker.turn():
        with app.app_context():
            last = select(ImportRun.state).order_by(ImportRun.id.desc()).limit(1)
            if db.session.scalar(last) in (State.CHECKED, State.DONE):
                return


def counted(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {
            kind.__name__: db.session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in (Asset, AssetVersion, Blob, ImportRow)
        }


def memory() -> int:
    facts = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if line
    )
    return int(facts["VmRSS"].split()[0]) * 1024


@pytest.mark.slow
def test_thousands_of_files_come_in_by_portions_in_constant_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The figures of docs/importing.md are those of 5,000, which take three minutes.
    app, number = installation(tmp_path), int(os.environ.get("CONTENTLIB_TEST_FILES", "1500"))
    path = archive_of(tmp_path, number)
    before, told, since = memory(), {}, time.process_time()
    for name, work in {
        "written down": lambda: begin(app, path),
        "looked at": lambda: work_on(app, ("importing.look",)),
        "taken in": lambda: (start(app, 1), work_on(app, ("importing.files",))),
    }.items():
        work()
        told[name], since = time.process_time() - since, time.process_time()
    grown = memory() - before
    sentence = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in told.items())
    with capsys.disabled():
        sys.stdout.write(f"\n{number} files: {sentence}; memory + {grown / 2**20:.0f} MiB\n")
    assert state_of(app, 1) is State.DONE
    assert set(counted(app).values()) == {number}
    assert grown < MOST_MEMORY
    # The same again creates nothing.
    run_id = begin(app, archive_of(tmp_path, number))
    work_on(app, ("importing.look",))
    with app.app_context():
        assert not taking.left(db.session.get_one(ImportRun, run_id))


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(taking, "PORTION", 3)
    monkeypatch.setattr(looking, "PORTION", 7)
    yield
    failpoints.listen(None)


def dies(app: Flask, before: Callable[[], None]) -> bool:
    """Let a worker of its own do everything, which may be killed; tell whether it was."""
    with app.app_context():
        db.engine.dispose()

    def work(_tell: Callable[[str], None]) -> None:
        before()
        work_on(app, ("importing.look", "importing.files"))

    child, reading = forked(work)
    os.close(reading)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("point", ["bundle.fetched", "bundle.taken", "put.synced", "put.renamed"])
def test_a_worker_that_dies_at_a_named_moment_loses_and_doubles_nothing(
    tmp_path: Path, small_portions: None, point: str
) -> None:
    app = installation(tmp_path)
    run_id = begin(app, archive_of(tmp_path, 20))
    work_on(app, ("importing.look",))
    start(app, run_id)
    for after in (0, 1, 2):
        assert dies(app, partial(die_at, point, after))
    assert not dies(app, lambda: None)
    assert_whole(app, run_id, 20)


@pytest.mark.slow
def test_a_worker_that_is_killed_at_random_loses_and_doubles_nothing(
    tmp_path: Path, small_portions: None
) -> None:
    app, dice, deaths = installation(tmp_path), random.Random(7), 0
    run_id = begin(app, archive_of(tmp_path, 40))
    work_on(app, ("importing.look",))
    start(app, run_id)
    while state_of(app, run_id) is State.RUNNING and deaths < 100:
        deaths += dies(app, partial(die_after, dice.randrange(1, 30)))
    assert_whole(app, run_id, 40)
    assert deaths >= 5


def die_after(moments: int) -> None:
    """Kill this process when so many moments have passed, of whatever kind."""
    left = moments

    def listener(_point: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    failpoints.listen(listener)


def assert_whole(app: Flask, run_id: int, number: int) -> None:
    assert state_of(app, run_id) is State.DONE
    assert set(counted(app).values()) == {number}
    with app.app_context():
        storage = current_storage()
        for blob in db.session.scalars(select(Blob)):
            kept = storage.stat(object_key(blob.sha256))
            assert kept is not None
            assert kept.size == blob.size
