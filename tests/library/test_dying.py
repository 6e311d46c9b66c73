"""Processes that die while files come in: nothing answered is lost, nothing half-made is seen."""

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from contentlib import receiving
from contentlib.core import failpoints
from contentlib.core.db import db
from contentlib.receiving import jobs as receiving_jobs
from contentlib.receiving.jobs import tidy
from contentlib.storage import s3_direct
from contentlib.storage.current import current_storage
from contentlib.storage.keys import INCOMING
from tests.library.dying import (
    IN_A_BUCKET,
    IN_A_FOLDER,
    PART,
    POINTS,
    STRAIGHT,
    STRAIGHT_PART,
    STRAIGHT_POINTS,
    Told,
    browser_of,
    faults,
    installation,
    send,
    sends_and_dies,
    sends_until_killed,
)
from tests.real.s3_server import S3Server

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
        server: S3Server = request.getfixturevalue("s3_server")
        url = server.url(prefix=tmp_path.name, staging=f"{tmp_path}/receiving")
    app, told = installation(tmp_path, url), Told()
    for point in (*POINTS, *(IN_A_BUCKET if url else IN_A_FOLDER)):
        for after in (0, 1):
            name = f"{point}-{after}"
            # The moments of a part come several times in a file, the others once.
            assert sends_and_dies(app, name, point, after, told) or after, name
            assert list(faults(app, told)) == []
            send(browser_of(app), name, lambda line: told.kept.add(line.split()[1]))
            assert list(faults(app, told)) == []
    assert len(told.kept) >= 2 * len(POINTS)
    failpoints.listen(None)


@pytest.mark.slow
def test_a_process_that_dies_while_a_file_goes_straight_to_the_bucket_loses_nothing(
    tmp_path: Path, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_direct, "PART", STRAIGHT_PART)
    url = s3_server.url(prefix=tmp_path.name, staging=f"{tmp_path}/receiving")
    app, told = installation(tmp_path, url), Told()
    # The moments of a part come twice in a file.
    for point, after in (*((point, 0) for point in STRAIGHT_POINTS), ("part.put", 1)):
        name = f"{STRAIGHT}{point}-{after}"
        assert sends_and_dies(app, name, point, after, told), name
        assert list(faults(app, told)) == []
        send(browser_of(app), name, lambda line: told.kept.add(line.split()[1]))
        assert list(faults(app, told)) == []
    assert len(told.kept) == len(STRAIGHT_POINTS) + 1
    # One that nobody carries on is forgotten after a day, and so is what others left.
    assert sends_and_dies(app, f"{STRAIGHT}given-up", "part.put", 0, told)
    monkeypatch.setattr(receiving_jobs, "KEPT", timedelta())
    assert left_in_bucket(app) == []
    failpoints.listen(None)


def left_in_bucket(app: Flask) -> list[str]:
    """Tidy up, and name what still lies where browsers write."""
    with app.app_context():
        tidy([])()
        db.session.commit()
        storage = current_storage()
        assert storage.direct is not None
        begun = [key for key, _ in storage.direct.begun(INCOMING)]
        return [*begun, *(item.key for item in storage.find(INCOMING))]


def seconds_for_a_file(app: Flask) -> float:
    """Tell how fast this machine is just now: where one file takes long, so does any moment."""
    for name in ("warms up", "is measured"):
        began = time.perf_counter()
        send(browser_of(app), name, lambda _line: None)
    return time.perf_counter() - began


@pytest.mark.slow
def test_a_process_killed_two_hundred_times_at_random_loses_nothing(tmp_path: Path) -> None:
    app, told, dice, number = installation(tmp_path), Told(), random.Random(11), 0
    interrupted, pace = 0, seconds_for_a_file(app)
    for _ in range(KILLS):
        number = sends_until_killed(app, number, dice.uniform(0, 2.5 * pace), told)
        interrupted += told.came.get(f"file{number}", 0) > 0
    assert list(faults(app, told)) == []
    assert len(told.kept) > KILLS // 20
    assert interrupted > KILLS // 10
