"""The worker makes the index agree with the database, whatever state either is in."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from flask import Flask

from contentlib.core.db import db
from contentlib.finding.cli import search
from contentlib.jobs import registry
from contentlib.jobs.worker import Worker
from contentlib.search import Document, Engine, Query, SearchUnavailable, open_engine, sources
from contentlib.search.jobs import reconcile, reindex

EVERYONE = frozenset({"everyone"})


class Shelf:
    """Documents that a test puts on and takes off."""

    titles: dict[str, str] = {}

    def revisions(self) -> dict[str, int]:
        return {document_id: len(title) for document_id, title in self.titles.items()}

    def load(self, ids: Sequence[str]) -> Iterable[Document]:
        for document_id in ids:
            if document_id in self.titles:
                title = self.titles[document_id]
                yield Document(document_id, len(title), title, access=("everyone",))


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    titles = {"shelf:1": "Preço", "shelf:2": "Proposta"}
    monkeypatch.setattr(Shelf, "titles", titles)
    monkeypatch.setattr(sources, "_by_kind", {"shelf": Shelf()})
    return titles


@pytest.fixture
def engine(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = open_engine(f"whoosh:{tmp_path}/index")
    monkeypatch.setitem(app.extensions, "search", engine)
    return engine


def work(app: Flask) -> None:
    db.session.commit()
    Worker(app, lease_seconds=60).drain()


def titles_found(engine: Engine, text: str) -> list[str]:
    return sorted(hit.id for hit in engine.search(Query(text, EVERYONE)).hits)


def test_the_first_job_builds_the_index(app: Flask, engine: Engine, shelf: dict[str, str]):
    with pytest.raises(SearchUnavailable):
        engine.stats()
    reindex("shelf:1")
    work(app)
    assert titles_found(engine, "proposta") == ["shelf:2"]


def test_a_job_brings_changes_and_deletions_into_the_index(
    app: Flask, engine: Engine, shelf: dict[str, str]
):
    engine.rebuild(sources.everything())
    shelf["shelf:1"] = "Contrato novo"
    del shelf["shelf:2"]
    for document_id in ("shelf:1", "shelf:1", "shelf:2"):
        reindex(document_id)
    work(app)
    assert titles_found(engine, "contrato") == ["shelf:1"]
    assert engine.revisions() == {"shelf:1": len("Contrato novo")}


def test_reconciling_mends_what_was_never_asked_for(
    app: Flask, engine: Engine, shelf: dict[str, str]
):
    engine.rebuild([Document("shelf:9", 1, "Fantasma", access=("everyone",))])
    reconcile()
    work(app)
    assert engine.revisions() == Shelf().revisions()


def test_reconciling_rebuilds_a_damaged_index(
    app: Flask, engine: Engine, shelf: dict[str, str], tmp_path: Path
):
    engine.rebuild([])
    for table_of_contents in tmp_path.glob("index/v*/*.toc"):
        table_of_contents.write_bytes(b"torn")
    reconcile()
    work(app)
    assert titles_found(engine, "") == ["shelf:1", "shelf:2"]


def test_the_index_can_be_rebuilt_verified_and_measured_by_command(
    app: Flask, engine: Engine, shelf: dict[str, str], tmp_path: Path
):
    runner = app.test_cli_runner()
    assert "2 documents" in runner.invoke(search, ["rebuild"]).output
    assert runner.invoke(search, ["verify"]).exit_code == 0
    shelf["shelf:3"] = "Nova"
    differing = runner.invoke(search, ["verify", "--json"])
    assert (differing.exit_code, json.loads(differing.output)) == (1, ["shelf:3"])
    assert json.loads(runner.invoke(search, ["stats", "--json"]).output)["documents"] == 2


def test_an_idle_worker_folds_segments_and_builds_a_damaged_index_anew(
    app: Flask, engine: Engine, shelf: dict[str, str], tmp_path: Path
):
    worker = Worker(app, lease_seconds=60)
    worker.keep_up()
    for number in range(3, 9):
        shelf[f"shelf:{number}"] = "Preço"
        reindex(f"shelf:{number}")
        work(app)
    before = engine.stats().segments
    worker.keep_up()
    assert engine.stats().segments < before
    assert len(titles_found(engine, "preço")) == 7
    for path in (tmp_path / "index").glob("v*/*.trm"):
        path.write_bytes(b"")
    with pytest.raises(SearchUnavailable):
        open_engine(f"whoosh:{tmp_path}/index").search(Query("preço", EVERYONE))
    worker.keep_up()
    assert len(titles_found(engine, "preço")) == 7
    assert list((tmp_path / "index").glob("quarantine-*"))


def test_upkeep_that_fails_is_told_and_stops_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    done = []

    def stumble() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(registry, "_upkeep", [stumble, lambda: done.append(1)])
    Worker(app, lease_seconds=60).keep_up()
    assert done == [1]
    assert "upkeep failed" in caplog.text
