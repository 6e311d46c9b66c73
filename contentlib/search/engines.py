"""Choose the engine that a setting names."""

from pathlib import Path

from sqlalchemy.exc import ArgumentError

from contentlib.core.errors import N_
from contentlib.search.engine import Engine, SearchError
from contentlib.search.postgres_engine import PostgresEngine
from contentlib.search.whoosh_engine import WhooshEngine

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
    if not is_postgres(rest or database_url):
        raise SearchError(NO_POSTGRES)
    try:
        return PostgresEngine(rest or database_url)
    except (ArgumentError, ImportError):  # Its driver is an extra that not everybody installs.
        raise SearchError(NO_POSTGRES) from None


def is_postgres(url: str) -> bool:
    """Tell whether a database URL names PostgreSQL."""
    return url.startswith(("postgresql+psycopg:", "postgresql:"))
