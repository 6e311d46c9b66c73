"""Processes that die while files come in: nothing answered is lost, nothing half-made is seen."""

import random
from pathlib import Path

import pytest

from contentlib import receiving
from contentlib.core import failpoints
from tests.library.dying import (
    IN_A_BUCKET,
    IN_A_FOLDER,
    PART,
    POINTS,
    Told,
    browser_of,
    faults,
    installation,
    send,
    sends_and_dies,
    sends_until_killed,
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
            # The moments of a part come several times in a file, the others once.
            assert sends_and_dies(app, name, point, after, told) or after, name
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
        number = sends_until_killed(app, number, dice.uniform(0.02, 0.3), told)
        interrupted += told.came.get(f"file{number}", 0) > 0
    assert list(faults(app, told)) == []
    assert len(told.kept) > KILLS // 20
    assert interrupted > KILLS // 10
