"""Objects without a row are removed after days, and never those that somebody keeps again."""

import hashlib
import random
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import NullPool, create_engine, delete, make_url, text

from contentlib.accounts.models import User
from contentlib.app import create_app
from contentlib.core.clock import now
from contentlib.core.db import db, reading
from contentlib.jobs.models import Job
from contentlib.jobs.registry import handler_of
from contentlib.library.care import sweeping, tombstones
from contentlib.library.care.tombstones import BeingRemoved, Fate, ObjectTombstone
from contentlib.library.models import Blob
from contentlib.library.uploads import service as uploads
from contentlib.storage import hash_of, object_key, open_storage, promote, put_stream, receive
from contentlib.storage.current import current_storage
from contentlib.storage.local import LocalStorage
from tests.library.test_jobs import blob_of, pdf, upload
from tests.throwaway import migrate, settings_in

CONTENT = pdf("Um caso que duas pessoas mandam")
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HOUR = timedelta(hours=1)


@pytest.fixture
def store(app: Flask, tmp_path: Path) -> Iterator[None]:
    """A store of this test's own, in which nothing lies."""
    before = current_storage()
    app.extensions["storage"] = open_storage(f"file:{tmp_path}/store")
    yield
    app.extensions["storage"] = before


def orphan() -> str:
    """Keep bytes that no row speaks of."""
    return promote(current_storage(), receive(current_storage(), BytesIO(CONTENT))).key


def do(kind: str) -> None:
    """Do one job as the worker does it."""
    handler = handler_of(kind)
    assert handler is not None
    with reading():
        apply = handler.work([{}])
        db.session.rollback()
    assert apply is not None
    apply()
    db.session.commit()


def sweep(after: timedelta) -> None:
    """Let the worker sweep some time from now, and remove what it condemned."""
    with time_machine.travel(now() + after, tick=False):
        do(sweeping.SWEEPING)
        do(sweeping.REMOVING)


def is_there(key: str) -> bool:
    return current_storage().stat(key) is not None


def test_what_no_row_speaks_of_is_removed_after_a_day_and_a_grace_period(store: None) -> None:
    key, picture = orphan(), "previews/ab12/1.webp"
    put_stream(current_storage(), picture, BytesIO(b"a picture of nothing"))
    sweep(23 * HOUR)
    assert tombstones.fates() == {}
    sweep(25 * HOUR)
    sweep(48 * HOUR)
    assert tombstones.fates() == dict.fromkeys((key, picture), Fate.MARKED)
    assert is_there(key)
    sweep(50 * HOUR)
    assert not is_there(key)
    assert not is_there(picture)
    assert tombstones.fates() == {}


def test_what_has_a_row_is_never_touched(store: None, marketer: User) -> None:
    blob = blob_of(upload(CONTENT, "caso.pdf", marketer))
    picture = f"previews/{blob.sha256}/1.webp"
    for key in (picture, "somebody/elses"):
        put_stream(current_storage(), key, BytesIO(b"x"))
    for hours in (25, 50, 75):
        sweep(hours * HOUR)
    assert all(map(is_there, (object_key(blob.sha256), picture, "somebody/elses")))
    assert tombstones.fates() == {}


def test_a_row_that_comes_in_the_grace_period_takes_the_mark_away(
    store: None, marketer: User
) -> None:
    key = orphan()
    sweep(25 * HOUR)
    upload(CONTENT, "caso.pdf", marketer)
    sweep(50 * HOUR)
    assert is_there(key)
    assert tombstones.fates() == {}


def test_who_claims_a_key_has_a_day_to_write_its_row(store: None) -> None:
    key = orphan()
    sweep(25 * HOUR)
    with time_machine.travel(now() + 49 * HOUR, tick=False):
        tombstones.reclaim(key)
        db.session.commit()
    sweep(50 * HOUR)
    sweep(72 * HOUR)
    assert is_there(key)
    assert tombstones.fates() == {key: Fate.WANTED}
    for hours in (74, 99):
        sweep(hours * HOUR)
    assert not is_there(key)


def test_a_key_in_the_hands_of_the_remover_cannot_be_claimed_until_it_is_given_up(
    store: None,
) -> None:
    key = orphan()
    db.session.add(ObjectTombstone(key=key, since=now(), state=Fate.DELETING))
    db.session.commit()
    with pytest.raises(BeingRemoved):
        tombstones.reclaim(key)
    with time_machine.travel(now() + tombstones.LEASE + timedelta(seconds=1), tick=False):
        # Whoever had it in hand is gone, and would not begin any more.
        do(sweeping.REMOVING)
        assert is_there(key)
        tombstones.reclaim(key)
    assert tombstones.fates() == {key: Fate.WANTED}


def test_what_a_dead_worker_left_condemned_is_removed_another_day(store: None) -> None:
    key = orphan()
    db.session.add(ObjectTombstone(key=key, since=now(), state=Fate.DELETING))
    db.session.commit()
    sweep(HOUR)
    assert not is_there(key)
    assert tombstones.fates() == {}


def test_more_than_a_worker_removes_at_once_is_swept_again_at_once(
    store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)
    orphan()
    put_stream(current_storage(), "previews/ab12/1.webp", BytesIO(b"x"))
    sweep(25 * HOUR)
    sweep(50 * HOUR)
    assert len(list(current_storage().find())) == 1
    kinds = {job.kind for job in db.session.query(Job)}
    assert {sweeping.SWEEPING, sweeping.REMOVING} <= kinds
    sweep(50 * HOUR)
    assert list(current_storage().find()) == []


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An installation of its own, in which several threads commit."""
    server = make_url(database_url)
    url, admin = f"sqlite:///{tmp_path}/db", None
    if server.get_backend_name() == "postgresql":
        url = server.set(database=f"{server.database}_apart").render_as_string(False)
        admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {server.database}_apart"))
    app = create_app(settings_in(tmp_path, database_url=url))
    migrate(app)
    yield app
    with app.app_context():
        db.engine.dispose()
    if admin is not None:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {server.database}_apart WITH (FORCE)"))


def keep_the_same(app: Flask, together: threading.Barrier, pause: float) -> None:
    """Send the same bytes as somebody else at the same time."""
    with app.app_context():
        key = object_key(SHA256)
        together.wait()
        time.sleep(pause)
        while True:
            try:
                tombstones.reclaim(key)
            except BeingRemoved:
                db.session.rollback()
                time.sleep(0.002)
            else:
                db.session.commit()
                break
        arrived = uploads.take_in(current_storage(), BytesIO(CONTENT), "a.pdf", limit=10**6)
        time.sleep(0.003)
        uploads.keep_blob(arrived)
        db.session.commit()


def sweep_all_the_time(app: Flask, together: threading.Barrier, over: threading.Event) -> None:
    with app.app_context():
        together.wait()
        while not over.is_set():
            do(sweeping.SWEEPING)
            do(sweeping.REMOVING)


def test_two_people_keep_the_same_bytes_while_the_sweeper_runs(
    apart: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any grace, so that nothing but the rows keeps the two sides apart."""
    monkeypatch.setattr(sweeping, "UNTOUCHED", timedelta(0))
    monkeypatch.setattr(tombstones, "GRACE", timedelta(0))
    removed: list[str] = []
    delete_object = LocalStorage.delete

    def note(self: LocalStorage, key: str) -> None:
        removed.append(key)
        time.sleep(0.05)  # A store takes its time.
        delete_object(self, key)

    monkeypatch.setattr(LocalStorage, "delete", note)
    dice = random.Random(3)
    with apart.app_context():
        for _ in range(30):
            for table in (Blob, Job, ObjectTombstone):
                db.session.execute(delete(table))
            db.session.commit()
            orphan()
            together, over = threading.Barrier(3), threading.Event()
            sweeper = threading.Thread(target=sweep_all_the_time, args=(apart, together, over))
            people = [
                threading.Thread(
                    target=keep_the_same, args=(apart, together, dice.uniform(0, 0.06))
                )
                for _ in range(2)
            ]
            for thread in (sweeper, *people):
                thread.start()
            for thread in people:
                thread.join()
            over.set()
            sweeper.join()
            db.session.rollback()
            assert db.session.get(Blob, SHA256) is not None
            assert hash_of(current_storage(), object_key(SHA256)) == SHA256
            db.session.rollback()
    # The sweeper got there first at times, or nothing would have been shown.
    assert removed
