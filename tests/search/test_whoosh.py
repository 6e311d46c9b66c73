"""An index outlives its writers, tells damage by its name and is never half of anything."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contentlib.search import (
    Changes,
    Document,
    Page,
    Query,
    SearchBusy,
    SearchError,
    SearchUnavailable,
    open_engine,
)
from contentlib.search.whoosh import engine as module
from contentlib.search.whoosh.engine import WhooshEngine
from contentlib.search.whoosh.folder import Folder

EVERYONE = frozenset({"everyone"})


def document(number: int, title: str = "preço", revision: int = 1) -> Document:
    body = Page(1, f"texto comum número{number}")
    return Document(f"asset:{number}", revision, title, pages=(body,), access=("everyone",))


def found(engine: WhooshEngine, text: str) -> int:
    return engine.search(Query(text, EVERYONE)).total


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> WhooshEngine:
    engine = WhooshEngine(folder)
    engine.rebuild(document(number) for number in range(20))
    return engine


def index_files(folder: Path, ending: str) -> list[Path]:
    return sorted(Folder(folder).current().glob(f"*{ending}"))


@pytest.mark.parametrize("url", ["", "whoosh", "whoosh:", "solr:here", "index", "postgres:"])
def test_an_unknown_engine_is_an_error_at_once(url: str):
    with pytest.raises(SearchError):
        open_engine(url)


@pytest.mark.parametrize(
    "use",
    [
        lambda engine: engine.search(Query("preço", EVERYONE)),
        lambda engine: engine.apply(Changes((document(1),))),
        lambda engine: engine.revisions(),
        lambda engine: engine.stats(),
    ],
    ids=["search", "apply", "revisions", "stats"],
)
def test_an_index_that_was_never_built_is_unavailable_and_not_empty(
    folder: Path, use: Callable[[WhooshEngine], object]
):
    with pytest.raises(SearchUnavailable):
        use(WhooshEngine(folder))


def test_an_index_of_another_version_is_not_read(folder: Path, engine: WhooshEngine):
    (folder / "current").write_text("v0.9-abc")
    with pytest.raises(SearchUnavailable):
        WhooshEngine(folder).search(Query("preço", EVERYONE))


def test_the_folder_is_private(folder: Path, engine: WhooshEngine):
    assert folder.stat().st_mode & 0o777 == 0o700
    assert Folder(folder).current().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("seconds", [0.0, 3600.0], ids=["by looking", "by the folders' times"])
def test_other_processes_see_a_change_at_once(
    folder: Path, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, seconds: float
):
    monkeypatch.setattr(module, "LOOK_EVERY", seconds)
    reader = WhooshEngine(folder)
    assert found(reader, "novidade") == 0
    engine.apply(Changes((document(99, "novidade"),), frozenset({"asset:1"})))
    assert found(reader, "novidade") == 1
    assert found(reader, "preço") == 19
    engine.rebuild([document(1, "novidade")])
    assert found(reader, "preço") == 0


def test_small_segments_are_folded_and_nothing_changes(engine: WhooshEngine):
    dice = random.Random(1)
    expected = dict.fromkeys(range(20), 1)
    for revision in range(2, 60):
        number = dice.randrange(30)
        if dice.random() < 0.3:
            expected.pop(number, None)
            engine.apply(Changes(deleted=frozenset({f"asset:{number}"})))
        else:
            expected[number] = revision
            engine.apply(Changes((document(number, revision=revision),)))
    assert engine.revisions() == {f"asset:{number}": r for number, r in expected.items()}
    assert found(engine, "preço") == len(expected)
    assert all(found(engine, f'"comum numero{number}"') for number in expected)
    assert engine.stats().segments <= module.FOLD_AT


def test_a_word_is_completed_as_long_as_a_document_has_it(engine: WhooshEngine):
    for number in range(20, 20 + module.FOLD_FROM):
        engine.apply(Changes((document(number, "quilombola"),)))
    engine.apply(Changes(deleted=frozenset({"asset:20"})))
    assert engine.tend()
    begun = Query("quilom", EVERYONE, typing=True)
    assert engine.search(begun).total == module.FOLD_FROM - 1
    assert engine.search(replace(begun, scope="titles")).total == module.FOLD_FROM - 1
    mistyped = engine.search(Query("quilombula", EVERYONE))
    assert (mistyped.total, mistyped.corrections[0].meant) == (module.FOLD_FROM - 1, "quilombola")


def test_an_index_may_lose_all_its_documents(engine: WhooshEngine):
    for number in range(20):
        engine.apply(Changes(deleted=frozenset({f"asset:{number}"})))
    assert found(engine, "") == 0
    engine.apply(Changes((document(1),)))
    assert found(engine, "preço") == 1


def test_a_failed_write_leaves_the_index_as_it_was(engine: WhooshEngine):
    broken = Document("asset:2", 2, object())  # type: ignore[arg-type]
    with pytest.raises(SearchError):
        engine.apply(Changes((document(1, "novo"), broken)))
    assert engine.rebuild([document(1)]) == 1
    with pytest.raises(SearchError):
        engine.rebuild([document(2, "novo"), broken])
    assert engine.revisions() == {"asset:1": 1}


def test_a_second_writer_waits_and_then_says_so(folder: Path, engine: WhooshEngine):
    with Folder(folder).writing():
        with pytest.raises(SearchBusy), Folder(folder).writing(patience=0.1):
            pytest.fail("two writers at once")
        assert found(engine, "preço") == 20


def test_two_writers_lose_nothing(folder: Path, engine: WhooshEngine):
    def write(first: int) -> None:
        for number in range(first, first + 10):
            WhooshEngine(folder).apply(Changes((document(number),)))

    writers = [threading.Thread(target=write, args=(first,)) for first in (100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(engine.revisions()) == 40


def grow(engine: WhooshEngine) -> None:
    for revision in range(2, 25):
        engine.apply(Changes((document(revision % 20, revision=revision),)))


def rebuild_often(engine: WhooshEngine) -> None:
    for _ in range(12):
        engine.rebuild(document(number) for number in range(20))


@pytest.mark.parametrize("change", [grow, rebuild_often])
def test_threads_search_while_the_index_changes(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, change: Callable[[WhooshEngine], None]
):
    monkeypatch.setattr(module, "LOOK_EVERY", 0.0)
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert found(engine, "preço comum") == 20
                assert found(engine, '"texto comum"') == 20
                assert found(engine, "num*") == 20
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    change(engine)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []


@pytest.mark.parametrize("ending", [".toc", ".trm", ".pst", "record.col", "text.col", "words.col"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "deleted", "foreign"])
def test_a_damaged_index_is_told_quarantined_and_rebuilt(
    folder: Path, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, ending: str, damage: str
):
    path = index_files(folder, ending)[0]
    whole = path.read_bytes()
    torn = {
        "truncated": whole[: len(whole) // 2],
        "flipped": bytes(byte ^ 0x5A for byte in whole),
        "foreign": random.Random(1).randbytes(500),
    }
    path.unlink()
    if damage != "deleted":
        path.write_bytes(torn[damage])
    reader = WhooshEngine(folder)
    for _ in range(2):
        with pytest.raises(SearchUnavailable):
            reader.search(Query('preço prexo "texto comum"', EVERYONE))
    with pytest.raises(SearchUnavailable):
        engine.apply(Changes((document(1),)))
    assert engine.rebuild([document(1)]) == 1
    # As if the time until the next look had passed.
    monkeypatch.setattr(module, "LOOK_EVERY", 0.0)
    assert found(reader, "preço") == 1
    assert len(list(folder.glob("quarantine-*"))) == 1
    engine.rebuild([document(1)])
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_everything_is_on_the_disk_before_a_commit_counts(
    folder: Path, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
):
    synced: set[str] = set()
    at_rename: list[tuple[str, set[str]]] = []
    fsync, rename = os.fsync, os.rename

    def note_fsync(descriptor: int) -> None:
        synced.add(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        fsync(descriptor)

    def note_rename(old: str, new: str) -> None:
        at_rename.append((Path(old).name, set(synced)))
        rename(old, new)

    before = {path.name for path in Folder(folder).current().iterdir()}
    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "rename", note_rename)
    engine.apply(Changes((document(1),)))
    ((contents, durable),) = at_rename
    new = {path.name for path in Folder(folder).current().glob("content_*")} - before
    assert new
    assert new | {contents} <= durable


WRITER = """
import sys
from pathlib import Path
from contentlib.search import Changes, Document, Page
from contentlib.search.whoosh.engine import WhooshEngine
engine = WhooshEngine(Path(sys.argv[1]))
revision = max(engine.revisions().values())
while True:
    revision += 1
    page = Page(1, "texto comum " * 50)
    engine.apply(Changes(tuple(
        Document(f"asset:{number}", revision, "preço", pages=(page,), access=("everyone",))
        for number in range(20)
    )))
    print(revision, flush=True)
"""


def test_a_killed_writer_loses_nothing_it_had_confirmed(folder: Path, engine: WhooshEngine):
    dice = random.Random(4)
    for _ in range(5):
        command = [sys.executable, "-W", "ignore", "-c", WRITER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            confirmed = int(writer.stdout.readline())
            time.sleep(dice.random() / 4)
            os.kill(writer.pid, signal.SIGKILL)
            confirmed = max([confirmed, *map(int, writer.stdout.read().split())])
        seen = set(WhooshEngine(folder).revisions().values())
        assert len(seen) == 1, "a commit is seen whole or not at all"
        assert seen.pop() in (confirmed, confirmed + 1)
        assert found(WhooshEngine(folder), "preço comum") == 20
    engine.apply(Changes((document(1),)))
    names = {path.name for path in Folder(folder).current().iterdir()}
    assert not [name for name in names if name.endswith(".tmp")]
