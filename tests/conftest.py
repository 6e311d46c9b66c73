"""One application and one migrated database for all tests; each test's changes are rolled back."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import scoped_session, sessionmaker

from contentlib.accounts.models import User
from contentlib.app import create_app
from contentlib.core.config import Settings
from contentlib.core.db import begin_read_only, db
from contentlib.prep import shelf
from contentlib.search.postgres.engine import PostgresEngine
from contentlib.usage import ledger
from tests import factories
from tests.real.clamd import Clamd
from tests.real.clamd import clamd as start_clamd
from tests.real.minio import PROGRAM as MINIO
from tests.real.minio import minio
from tests.real.s3_server import ACCESS_KEY, SECRET, S3Server
from tests.real.swift import swift
from tests.throwaway import migrate, settings_in

# Timings never decide a test; a busy machine is no failure.
hypothesis.settings.register_profile("house", deadline=None, database=None)
hypothesis.settings.load_profile("house")

# Tests say themselves what is set; what is exported where they run must not decide them.
_FOR_TESTS = (
    "CONTENTLIB_TEST_DATABASE_URL",
    "CONTENTLIB_TEST_POSTGRES_URL",
    "CONTENTLIB_ALL_PARTS",
)
for _name in [name for name in os.environ if name.startswith("CONTENTLIB_")]:
    if _name not in _FOR_TESTS:
        del os.environ[_name]

# What a test may need from the machine, and how one tells that it is there. All tests run on the
# database of the first address, those of "postgres" only there; whatever that is, a test may make
# a database of its own on the server of the second.
REAL_PARTS = {
    "soffice": lambda: shutil.which("soffice"),
    "tesseract": lambda: shutil.which("tesseract"),
    "clamd": lambda: shutil.which("clamd", path="/usr/sbin:/usr/bin"),
    "chromium": lambda: shutil.which("chromium"),
    "postgres": lambda: os.environ.get("CONTENTLIB_TEST_DATABASE_URL"),
    "postgres server": lambda: os.environ.get("CONTENTLIB_TEST_POSTGRES_URL"),
}

# Pure arithmetic is right or wrong on no database, and its oracles take long to load.
PURE = ["simulation", *(f"reports/{name}" for name in ("credit", "cohorts", "lift", "rates"))]
collect_ignore = PURE if REAL_PARTS["postgres"]() else []

MISSING = pytest.StashKey[dict[str, int]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set tests aside whose real part is missing; the last lines of a run tell how many.

    What asks for no database was found right or wrong by the run on SQLite, and needs no second.
    """
    missing: dict[str, int] = {}
    kept, set_aside = [], []
    on_postgres = REAL_PARTS["postgres"]()
    for item in items:
        names = [mark.args[0] for mark in item.iter_markers("real_part")]
        if item.get_closest_marker("browser"):
            names.append("chromium")
        absent = [name for name in names if not REAL_PARTS[name]()]
        for name in absent:
            missing[name] = missing.get(name, 0) + 1
        twice = on_postgres and "postgres" not in names and not asks_for_database(item)
        (set_aside if absent or twice else kept).append(item)
    # What takes long begins early, so that several processes come to their end together.
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("slow") is None)
    config.stash[MISSING] = missing
    if set_aside:
        config.hook.pytest_deselected(items=set_aside)


def asks_for_database(item: pytest.Item) -> bool:
    """Tell whether a test uses the database that the run was given."""
    return "database_url" in getattr(item, "fixturenames", ())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a process what it missed; each of several has looked at all tests."""
    told = getattr(node, "workeroutput", {}).get("missing")
    if told:
        node.config.stash[MISSING] = told


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name each real part that was missing and the number of tests that cost."""
    for name, count in sorted(config.stash.get(MISSING, {}).items()):
        terminalreporter.write_line(f"missing part: {name}: {count} tests not run", yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything must be there, a missing part is a failure.

    PostgreSQL is not asked of the run on SQLite: it has its own run, which tests/run.sh demands.
    """
    missing = session.config.stash.get(MISSING, {})
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = missing
    elif missing.keys() - {"postgres"} and os.environ.get("CONTENTLIB_ALL_PARTS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def power_stays() -> Iterator[None]:
    """Wait for no disk: no test cuts the power, and those of durability put their own in place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh database for this process alone, on the server that is named from outside if any."""
    server = os.environ.get("CONTENTLIB_TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/db"
        return
    name = f"contentlib_tests_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_engine(database_url: str) -> Iterator[PostgresEngine]:
    """The engine on this process's own PostgreSQL; what it holds, a test begins anew."""
    engine = PostgresEngine(database_url)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server for this process alone: Swift, or MinIO where its program is named."""
    start = minio if MINIO else swift
    with pytest.MonkeyPatch.context() as patch, start(tmp_path_factory.mktemp("s3")) as server:
        patch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        yield server


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """A real virus scanner for this process alone."""
    with start_clamd(tmp_path_factory.mktemp("clamd")) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a throw-away installation."""
    folder = tmp_path_factory.mktemp("installation")
    return settings_in(folder, database_url=database_url)


@pytest.fixture
def mailbox(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Let the application send e-mail, into a folder."""
    mail = {"mail_url": f"file:{tmp_path}", "mail_from": "contentlib <content@firm.example>"}
    monkeypatch.setitem(app.extensions, "settings", settings.model_copy(update=mail))
    return tmp_path


@pytest.fixture(scope="session")
def installation(settings: Settings) -> Iterator[Flask]:
    """The application, its database migrated."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    # The context of a test outlives its requests, and what one remembered is not the next one's.
    app.before_request_funcs.setdefault(None, []).insert(0, forget)
    migrate(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def forget() -> None:
    """Begin a request with an empty `g`, as outside of tests."""
    for name in list(g):
        g.pop(name)


class KeptSession(scoped_session):
    """A session that survives the end of a request, but not what the request left uncommitted."""

    def remove(self) -> None:
        self.rollback()


@pytest.fixture
def app(installation: Flask) -> Iterator[Flask]:
    """The application inside one transaction that is rolled back when the test ends."""
    with installation.app_context():
        # The last request of another test may have been one that only read.
        begin_read_only(False)
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
        plain = db.session
        db.session = KeptSession(  # type: ignore[assignment]
            sessionmaker(bind=connection, join_transaction_mode="create_savepoint"),
            scopefunc=lambda: 0,
        )
        try:
            yield installation
        finally:
            db.session.close()
            db.session = plain
            db.engines[None] = engine
            outer.rollback()
            connection.close()
            # What a process knows of a ledger cannot be true of one that was rolled back.
            installation.extensions.pop(ledger.KEPT, None)
            installation.extensions.pop(shelf.KEPT, None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a sign-in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """Give a browser in which a person is signed in."""

    def enter(user: User) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
        return browser

    return enter


@pytest.fixture
def seller(app: Flask) -> User:
    """A seller of the team North."""
    return factories.user("seller", team="North")


@pytest.fixture
def marketer(app: Flask) -> User:
    """A marketer."""
    return factories.user("marketer")


@pytest.fixture
def manager(app: Flask) -> User:
    """A manager."""
    return factories.user("manager")


@pytest.fixture
def admin(app: Flask) -> User:
    """An admin."""
    return factories.user("admin")
