"""Processes that die while files come in: nothing answered is lost, nothing half-made is seen."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from contentlib import receiving
from contentlib.core import failpoints
from contentlib.core.db import db
from tests.library.dying import (
    IN_A_BUCKET,
    IN_A_FOLDER,
    PART,
    POINTS,
    Told,
    browser_of,
    die_at,
    faults,
    forked,
    installation,
    send,
    what_was_told,
)
from tests.real.swift import Swift

KILLS = 200


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "PART", PART)


@pytest.mark.slow
@pytest.mark.parametrize("store", ["folder", "bucket"])
def test_a_process_that_dies_at_any_named_moment_loses_nothing(
    tmp_path: Path, store: str, request: pytest.FixtureRequest
) -> None:
    url = ""
    if store == "bucket":
        server: Swift = request.getfixturevalue("s3_server")
        url = server.url(prefix=tmp_path.name, staging=f"{tmp_path}/receiving")
    app, told = installation(tmp_path, url), Told()
    for point in (*POINTS, *(IN_A_BUCKET if url else IN_A_FOLDER)):
        for after in (0, 1):
            name = f"{point}-{after}"

            def work(tell, name=name, point=point, after=after) -> None:
                with app.app_context():
                    db.engine.dispose(close=False)
                die_at(point, after)
                send(browser_of(app), name, tell)

            child, reading = forked(work)
            what_was_told(reading, told)
            _, status = os.waitpid(child, 0)
            # The moments of a part come several times in a file, the others once.
            died = os.WIFSIGNALED(status)
            assert died or after, name
            assert list(faults(app, told)) == []
            send(browser_of(app), name, lambda line: told.kept.add(line.split()[1]))
            assert list(faults(app, told)) == []
    assert len(told.kept) >= 2 * len(POINTS)
    failpoints.listen(None)


@pytest.mark.slow
def test_a_process_killed_two_hundred_times_at_random_loses_nothing(tmp_path: Path) -> None:
    app, told, dice, number = installation(tmp_path), Told(), random.Random(11), 0
    interrupted = 0
    for _ in range(KILLS):

        def work(tell, first=number) -> None:
            with app.app_context():
                db.engine.dispose(close=False)
            browser = browser_of(app)
            for following in range(first, first + 1000):
                send(browser, f"file{following}", tell)

        child, reading = forked(work)
        time.sleep(dice.uniform(0.02, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        before = len(told.kept)
        what_was_told(reading, told)
        number += len(told.kept) - before
        interrupted += told.came.get(f"file{number}", 0) > 0
    assert list(faults(app, told)) == []
    assert len(told.kept) > KILLS // 20
    assert interrupted > KILLS // 10
