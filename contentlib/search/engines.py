"""Choose the engine that a setting names."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import ArgumentError

from contentlib.core.errors import N_
from contentlib.search.engine import Engine, SearchError
from contentlib.search.postgres.engine import PostgresEngine
from contentlib.search.postgres.tables import SCHEMA
from contentlib.search.whoosh.engine import WhooshEngine

NO_ENGINE = N_(
    "CONTENTLIB_SEARCH_URL must be whoosh:FOLDER, postgres: or postgres:postgresql+psycopg://…; "
    "“%(kind)s” names no engine."
)
NO_POSTGRES = N_(
    "The search engine postgres needs a PostgreSQL database: set CONTENTLIB_DATABASE_URL to one, "
    "or name it as in postgres:postgresql+psycopg://user@host/name."
)


def open_engine(url: str, database_url: str = "") -> Engine:
    """Open the engine of a URL; nothing is read or written yet.

    ``whoosh:var/index`` is a folder, ``postgres:`` is the database of the installation and
    ``postgres:postgresql+psycopg://user@host/name`` another one.
    """
    kind, _, rest = url.partition(":")
    if kind == "whoosh" and rest:
        return WhooshEngine(Path(rest))
    if kind != "postgres" or ":" not in url:
        raise SearchError(NO_ENGINE, kind=kind)
    return _in_postgres(rest or database_url)


@contextmanager
def throw_away_engine(kind: str, database_url: str) -> Iterator[Engine]:
    """Give an engine of a kind whose index is gone afterwards, beside the one in use."""
    if kind == "whoosh":
        with TemporaryDirectory() as folder:
            yield WhooshEngine(Path(folder))
        return
    engine = _in_postgres(database_url, f"{SCHEMA}_{secrets.token_hex(6)}")
    try:
        yield engine
    finally:
        engine.drop()


def _in_postgres(url: str, schema: str = SCHEMA) -> PostgresEngine:
    if not url.startswith(("postgresql+psycopg:", "postgresql:")):
        raise SearchError(NO_POSTGRES)
    try:
        return PostgresEngine(url, schema)
    except (ArgumentError, ImportError):  # Its driver is an extra that not everybody installs.
        raise SearchError(NO_POSTGRES) from None
