"""Rows, objects and index compared: each kind of disagreement is told, and nothing else is."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.admin.care_cli import check_files
from contentlib.audit.models import AuditEntry
from contentlib.audit.service import CHAIN
from contentlib.core.db import db
from contentlib.jobs.models import Job, JobState
from contentlib.library.care import fsck, tombstones
from contentlib.library.files.jobs import converted_key
from contentlib.library.models import Blob
from contentlib.search import open_engine
from contentlib.search.jobs import rebuild_index
from contentlib.storage import object_key, open_storage, put_stream
from contentlib.storage.current import current_storage
from tests.library.prepared import prepare
from tests.library.test_jobs import blob_of, pdf, upload, work
from tests.real.s3_server import S3Server

ORPHAN = "objects/ab/" + "ab" * 32


def in_a_folder(_request: pytest.FixtureRequest, folder: Path) -> str:
    return f"file:{folder}/store"


def in_a_bucket(request: pytest.FixtureRequest, folder: Path) -> str:
    server: S3Server = request.getfixturevalue("s3_server")
    return server.url(uuid4().hex, staging=f"{folder}/receiving")


STORES = {"file": in_a_folder, "s3": in_a_bucket}


@pytest.fixture(params=STORES)
def blob(
    app: Flask,
    marketer: User,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Blob]:
    """A file with two pages, in an installation where everything agrees."""
    before = {name: app.extensions.get(name) for name in ("storage", "search")}
    app.extensions["storage"] = open_storage(STORES[request.param](request, tmp_path))
    engine = open_engine(f"whoosh:{tmp_path}/index", "")
    app.extensions["search"] = engine
    # What has just been put is old enough to be told of.
    monkeypatch.setattr(fsck, "UNTOUCHED", timedelta(seconds=-5))
    made = blob_of(upload(pdf("Um caso", "Sua conta"), "caso.pdf", marketer))
    prepare(made.sha256)
    rebuild_index()
    for job in db.session.scalars(select(Job)):
        job.state = JobState.DONE
    db.session.commit()
    yield made
    app.extensions.update({name: value for name, value in before.items() if value is not None})
    if before["search"] is None:
        app.extensions.pop("search")


@pytest.fixture
def check(app: Flask) -> Callable[..., tuple[int, list[tuple[str, str]]]]:
    """Run the command; give its status, and kind and key of what it tells."""

    def run(*words: str) -> tuple[int, list[tuple[str, str]]]:
        result = app.test_cli_runner().invoke(check_files, [*words, "--json"])
        told: list[dict[str, Any]] = json.loads(result.stdout)
        return result.exit_code, [(fault["kind"], fault["key"]) for fault in told]

    return run


def test_where_all_agrees_nothing_is_told(
    app: Flask, blob: Blob, check: Callable[..., Any]
) -> None:
    assert check("--deep") == (0, [])
    result = app.test_cli_runner().invoke(check_files, [])
    assert result.output == "1 files, 7 objects looked at; 0 faults\n"


def test_a_missing_object_and_one_of_another_size_are_told(
    blob: Blob, check: Callable[..., Any]
) -> None:
    key = object_key(blob.sha256)
    put_stream(current_storage(), key, BytesIO(b"half of it"))
    assert check() == (1, [("wrong size", key)])
    current_storage().delete(key)
    assert check() == (1, [("missing", key)])


def test_a_changed_byte_is_told_by_looking_deep(blob: Blob, check: Callable[..., Any]) -> None:
    key = object_key(blob.sha256)
    with current_storage().open(key) as stream:
        content = bytearray(stream.read())
    content[100] ^= 1
    put_stream(current_storage(), key, BytesIO(bytes(content)))
    assert check() == (0, [])
    assert check("--deep") == (1, [("damaged", key)])


def test_objects_without_a_row_are_told_until_they_are_seen_to(
    blob: Blob, check: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_stream(current_storage(), ORPHAN, BytesIO(b"x"))
    put_stream(current_storage(), "elsewhere/x", BytesIO(b"not ours to judge"))
    assert check() == (1, [("without row", ORPHAN)])
    tombstones.mark([ORPHAN])
    db.session.commit()
    assert check() == (0, [("without row", ORPHAN)])
    monkeypatch.setattr(fsck, "UNTOUCHED", timedelta(hours=24))
    assert check() == (0, [])


def test_pictures_that_are_missing_are_made_again(blob: Blob, check: Callable[..., Any]) -> None:
    current_storage().delete(f"previews/{blob.sha256}/2.webp")
    assert check() == (1, [("no picture", blob.sha256)])
    assert not waiting()
    check("--repair")
    assert [(job.kind, job.payload) for job in waiting()] == [
        ("library.preview", {"sha256": blob.sha256})
    ]
    for kind in ("library.preview", "library.pages"):
        work(kind, blob.sha256)
    assert check() == (0, [])


def test_the_pdf_made_of_an_office_file_is_missed_and_made_again(
    blob: Blob, check: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "pages.pdf"
    path.write_bytes(b"%PDF-1.7")
    blob.pdf_size = current_storage().put(converted_key(blob.sha256), path).size
    db.session.commit()
    assert check() == (0, [])
    blob.pdf_size += 1
    db.session.commit()
    assert check() == (1, [("no PDF", blob.sha256)])
    current_storage().delete(converted_key(blob.sha256))
    # It and a picture are made by the same work, which is asked for once.
    current_storage().delete(f"previews/{blob.sha256}/2.webp")
    assert check("--repair")[1] == [("no picture", blob.sha256), ("no PDF", blob.sha256)]
    assert [(job.kind, job.key) for job in waiting()] == [("library.preview", blob.sha256)]


def waiting() -> list[Job]:
    """Return the work that waits, but for the audit's own."""
    queued = select(Job).where(Job.state == JobState.QUEUED, Job.kind != CHAIN)
    return list(db.session.scalars(queued))


def test_an_index_that_differs_is_told_unless_work_waits_for_it(
    blob: Blob, marketer: User, check: Callable[..., Any]
) -> None:
    asset = upload(pdf("Outro"), "outro.pdf", marketer)
    assert check() == (0, [])
    for job in waiting():
        job.state = JobState.DONE
    db.session.commit()
    assert check() == (1, [("index", f"asset:{asset.id}")])
    check("--repair")
    assert [job.kind for job in waiting()] == ["search.reconcile"]
    asked = select(AuditEntry.details).where(AuditEntry.action == "files.repaired")
    assert db.session.scalars(asked).all() == ['{"asked":1,"faults":1}']
