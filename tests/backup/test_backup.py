"""A backup brings everything back, into any database and store, or says what is wrong with it."""

import gzip
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import NullPool, create_engine, make_url, select, text

from contentlib.backup import making
from contentlib.backup.cli import backup, restore
from contentlib.backup.manifest import MANIFEST, OBJECTS, verify
from contentlib.backup.rows import Tables
from contentlib.core.db import db
from contentlib.library import service
from contentlib.library.care import holds, quarantine, removal
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.storage import object_key, open_storage
from contentlib.storage.current import current_storage
from tests.library.dying import browser_of, content, installation, send
from tests.real.s3_server import S3Server

Installed = Callable[..., Flask]


def run(app: Flask, *words: str) -> Result:
    command = {"backup": backup, "restore": restore}[words[0]]
    return app.test_cli_runner().invoke(command, list(words[1:]))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An installation with rows of every kind: the demo, and files that were sent."""
    app = installation(tmp_path_factory.mktemp("original"))
    for name in ("first", "second"):
        send(browser_of(app), name, lambda _line: None)
    return app


@pytest.fixture(scope="module")
def made(original: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups") / "monday"
    result = run(original, "backup", str(folder))
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A backup that a test may damage."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def empty(folder: Path, **changes: str) -> Flask:
    """Give an installation that nobody uses yet."""
    return installation(folder, people=False, **changes)


@pytest.fixture
def own_postgres() -> Iterator[str]:
    """An empty database of its own on the server that is named from outside."""
    server, name = os.environ["CONTENTLIB_TEST_DATABASE_URL"], f"restored_{os.getpid()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


# Backing up and restoring are decisions themselves, so the audit has grown by them since.
GROWN = ("audit_entry", "audit_link", "audit_end", "job")


def rows_in(app: Flask) -> dict[str, list[dict[str, object]]]:
    """Read every row, moments as text without their zone, but of tables that have grown."""
    with app.app_context(), db.engine.connect() as connection:
        tables = Tables.of(connection)
        return {
            table.name: [
                {name: str(value).removesuffix("+00:00") for name, value in row.items()}
                for row in connection.execute(
                    table.select().order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in tables.ordered
            if table.name not in GROWN
        }


def test_everything_comes_back(original: Flask, made: Path, tmp_path: Path) -> None:
    app = empty(tmp_path)
    result = run(app, "restore", str(made), "--json")
    assert result.exit_code == 0, result.output
    assert rows_in(app) == rows_in(original)
    told = json.loads(result.stdout)
    assert (told["objects"], told["documents"]) == (2, 2)
    storage = open_storage(f"file:{tmp_path}/files")
    for name in ("first", "second"):
        sha256 = hashlib.sha256(content(name)).hexdigest()
        with storage.open(f"objects/{sha256[:2]}/{sha256}") as stream:
            assert stream.read() == content(name)


def test_what_is_held_in_quarantine_or_removed_comes_back_so(tmp_path: Path) -> None:
    app = installation(tmp_path / "original")
    for name in ("held", "harmful", "removed"):
        send(browser_of(app), name, lambda _line: None)
    with app.app_context():
        held, harmful, removed = db.session.scalars(select(Asset).order_by(Asset.id)).all()
        by, gone = held.owner, removed.versions[0].blob_sha256
        holds.place(held, by=by, reason="Law")
        quarantine.judge(str(harmful.versions[0].blob_sha256), "Bad", "ClamAV")
        service.archive(removed)
        today, now_ = firm_today(), timedelta(0)
        removal.carry_out(removal.ask(removed, by=by, reason="Old", today=today, grace=now_), today)
        db.session.commit()
        assert current_storage().stat(object_key(str(gone))) is not None
    assert run(app, "backup", str(tmp_path / "monday")).exit_code == 0
    there = empty(tmp_path / "there")
    result = run(there, "restore", str(tmp_path / "monday"), "--json")
    # A file that is looked for and not there would be told, by the status too.
    assert result.exit_code == 0, result.output
    assert rows_in(there) == rows_in(app)
    assert json.loads(result.stdout)["objects"] == 2
    with there.app_context():
        held, harmful, removed = db.session.scalars(select(Asset).order_by(Asset.id)).all()
        assert holds.reason_to_keep(held, firm_today()) == holds.UNDER_HOLD
        assert harmful.versions[0].blob is not None
        assert harmful.versions[0].blob.is_withheld
        assert removed.versions[0].removed_at is not None
        assert current_storage().stat(object_key(str(gone))) is None


@pytest.mark.real_part("postgres")
def test_from_sqlite_and_a_folder_to_postgresql_and_a_bucket_and_back(
    original: Flask, made: Path, tmp_path: Path, s3_server: S3Server, own_postgres: str
) -> None:
    store = s3_server.url(prefix=tmp_path.name, staging=f"{tmp_path}/receiving")
    there = empty(tmp_path / "there", database_url=own_postgres, storage_url=store)
    assert run(there, "restore", str(made)).exit_code == 0
    assert rows_in(there) == rows_in(original)
    send(browser_of(there), "third", lambda _line: None)
    assert run(there, "backup", str(tmp_path / "tuesday")).exit_code == 0
    back = empty(tmp_path / "back")
    assert run(back, "restore", str(tmp_path / "tuesday")).exit_code == 0
    assert rows_in(back) == rows_in(there)
    send(browser_of(back), "fourth", lambda _line: None)


def test_a_backup_made_while_people_work_is_one_state(original: Flask, tmp_path: Path) -> None:
    done, sent = threading.Event(), []

    def work() -> None:
        browser = browser_of(original)
        while not done.is_set():
            send(browser, f"meanwhile{len(sent)}", lambda _line: None)
            sent.append(True)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(5):
            before = len(sent)
            assert run(original, "backup", str(tmp_path / str(number))).exit_code == 0
            while len(sent) == before:
                done.wait(0.01)
    finally:
        done.set()
        worker.join()
    for number in range(5):
        app = empty(tmp_path / f"restored{number}")
        assert run(app, "restore", str(tmp_path / str(number))).exit_code == 0
        with app.app_context(), db.engine.connect() as connection:
            # Every version has its bytes, and every upload that was done has its version.
            missing = (
                "SELECT count(*) FROM asset_version v LEFT JOIN blob b ON b.sha256 = v.blob_sha256"
            )
            assert connection.scalar(text(f"{missing} WHERE b.sha256 IS NULL")) == 0
            uploads = connection.scalar(text("SELECT count(*) FROM upload WHERE state = 'done'"))
            assert connection.scalar(text("SELECT count(*) FROM receipt")) == uploads


def flip(path: Path) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)


def largest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda path: path.stat().st_size)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a flipped byte in a file": lambda folder: flip(largest(folder, "objects/*/*")),
    "a flipped byte in rows": lambda folder: flip(largest(folder, "rows/*")),
    "a missing file": lambda folder: largest(folder, "objects/*/*").unlink(),
    "missing rows": lambda folder: largest(folder, "rows/*").unlink(),
    "cut rows": lambda folder: os.truncate(largest(folder, "rows/*"), 100),
    "a line of rows less": lambda folder: shorten(folder / "rows" / "asset.jsonl.gz"),
    "a cut manifest": lambda folder: os.truncate(folder / MANIFEST, 200),
    "no manifest": lambda folder: (folder / MANIFEST).unlink(),
    "a cut list of files": lambda folder: os.truncate(folder / OBJECTS, 50),
    "an altered manifest": lambda folder: (folder / MANIFEST).write_text(
        (folder / MANIFEST).read_text().replace('"objects": 2', '"objects": 1')
    ),
}


def shorten(path: Path) -> None:
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:-1])))


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_is_refused_and_nothing_restored(
    copy: Path, tmp_path: Path, damage: str
) -> None:
    verify(copy)
    DAMAGE[damage](copy)
    app = empty(tmp_path / "other")
    before = rows_in(app)
    result = run(app, "restore", str(copy))
    assert result.exit_code != 0
    assert rows_in(app) == before
    assert list(open_storage(f"file:{tmp_path}/other/files").find()) == []


def test_nothing_is_restored_over_what_people_use(original: Flask, made: Path) -> None:
    before = rows_in(original)
    assert run(original, "restore", str(made)).exit_code != 0
    assert rows_in(original) == before


def test_nothing_is_written_over_an_earlier_backup(original: Flask, made: Path) -> None:
    before = (made / MANIFEST).read_bytes()
    assert run(original, "backup", str(made)).exit_code != 0
    assert (made / MANIFEST).read_bytes() == before


def test_a_backup_that_was_interrupted_has_no_name(
    original: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OSError("the disk went away")

    with monkeypatch.context() as patch:
        patch.setattr(making, "_copy_one", fail)
        assert run(original, "backup", str(tmp_path / "b")).exit_code != 0
    assert not (tmp_path / "b").exists()
    assert run(original, "backup", str(tmp_path / "b")).exit_code == 0
