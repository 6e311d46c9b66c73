"""A writer that is killed at any moment loses nothing it said was written, and spoils nothing."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from contentlib.search import Changes, Document, Page, Query, open_engine
from contentlib.search.whoosh.engine import WhooshEngine
from contentlib.search.whoosh.folder import Folder, open_index, segments_of

KILLS = 100
EVERYONE = frozenset({"everyone"})


def document(number: int, revision: int) -> Document:
    words = " ".join(f"palavra{revision * 7 + place}" for place in range(200))
    return Document(
        f"asset:{number}",
        revision,
        "preço",
        pages=(Page(1, f"revisão{revision} {words}"),),
        access=("everyone",),
    )


def write_until_killed(folder: Path, acknowledged: int, first: int) -> None:
    """Change one document after the other, telling of each once it is written; fold in between."""
    engine = WhooshEngine(folder)
    revision = first
    while True:
        engine.apply(Changes((document(revision % 30, revision),)))
        os.write(acknowledged, f"{revision}\n".encode())
        revision += 1
        engine.tend()


def half_made(folder: Path) -> bool:
    """Tell whether files lie there that belong to no commit, since a writer could not end one."""
    path = Folder(folder).current()
    known = {segment.segment_id() for segment in segments_of(open_index(path))}
    written = {file.stem.removeprefix("content_").split(".")[0] for file in path.glob("content_*")}
    return not written <= known


@pytest.mark.slow
def test_a_writer_killed_a_hundred_times_loses_nothing(tmp_path: Path):
    dice = random.Random(7)
    folder = tmp_path / "index"
    engine = open_engine(f"whoosh:{folder}")
    engine.rebuild([])
    expected: dict[str, int] = {}
    revision, interrupted = 1, 0
    for _ in range(KILLS):
        reading, writing = os.pipe()
        writer = os.fork()
        if writer == 0:
            os.close(reading)
            write_until_killed(folder, writing, revision)
        os.close(writing)
        time.sleep(dice.uniform(0.01, 0.25))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        with os.fdopen(reading) as told:
            done = [int(line) for line in told]
        expected |= {f"asset:{one % 30}": one for one in done}
        revision = max([revision - 1, *done]) + 1
        found = WhooshEngine(folder).revisions()
        # What was not acknowledged may be there or not, whole; nothing else may differ.
        unsaid = {f"asset:{revision % 30}": revision}
        assert found.items() <= (expected | unsaid).items() | expected.items()
        assert all(found[id_] >= number for id_, number in expected.items())
        assert WhooshEngine(folder).search(Query("preço", EVERYONE)).total == len(found)
        interrupted += found != expected or half_made(folder)
        expected = found
        revision += 1
    assert len(expected) > 15
    assert interrupted > KILLS // 2
