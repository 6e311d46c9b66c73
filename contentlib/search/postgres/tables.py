"""Where a PostgreSQL index lives: its schema, its tables, its pointer, and who may write.

Everything is in a schema of its own, made by the engine and not by the migrations of the product.
``state`` points to the tables in use, one row a version of what is stored; the tables of an index
carry version and token in their names. A rebuild fills other tables aside and moves the pointer in
the same transaction, so a reader sees one index or the other, whole.
"""

import re
import secrets
import zlib
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError

from contentlib.core.errors import N_
from contentlib.search import language
from contentlib.search.engine import NO_INDEX, NoIndex, SearchError

SCHEMA_VERSION = 1
VERSION = f"v{SCHEMA_VERSION}.{language.VERSION}"
"""Goes up with every change of what is stored; an index of another version is rebuilt."""

SCHEMA = "contentlib_search"
PATIENCE = "10s"
MAY_NOT = N_(
    "The database user of the search may not create a schema; as an administrator, run "
    "“CREATE SCHEMA %(schema)s AUTHORIZATION %(user)s” in that database."
)
_OURS = re.compile(r"v\d+_\d+_[0-9a-f]{12}_[a-z]+")
_LOCK = zlib.crc32(b"contentlib.search") - 2**31

# Every part is found by an index, and a document by a number that no other ever had: what a
# process has read of a number stays true. Words are compared by bytes, as Python does. Long values
# are kept apart, so that going through the numbers of many documents reads few pages.
_TABLES = """
CREATE TABLE {document} (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    moment double precision NOT NULL,
    length integer NOT NULL,
    profile integer NOT NULL,
    heads text[] NOT NULL,
    titles tsvector NOT NULL,
    keys tsvector NOT NULL,
    text text NOT NULL
) WITH (toast_tuple_target = 128);
CREATE TABLE {gone} (number integer NOT NULL, change bigint NOT NULL);
CREATE TABLE {profile} (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    labels text NOT NULL
);
CREATE UNIQUE INDEX ON {profile} (md5(labels));
CREATE TABLE {word} (word text COLLATE "C" PRIMARY KEY, heads integer NOT NULL);
"""
# Without pending lists: a search would have to read through what was written last.
_INDEXES = """
CREATE UNIQUE INDEX ON {document} (id);
CREATE INDEX ON {document} USING gin (keys) WITH (fastupdate = off);
CREATE INDEX ON {document} USING gin (titles) WITH (fastupdate = off);
CREATE INDEX ON {gone} (change);
CREATE INDEX ON {word} (word) INCLUDE (heads) WHERE heads > 0;
ANALYZE {document};
ANALYZE {profile};
ANALYZE {word};
"""


@dataclass(frozen=True, slots=True)
class State:
    """Which tables are in use, and how many changes they have seen.

    Deletions up to change ``forgotten`` are not listed any more.
    """

    token: str
    change: int
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one index by what they hold, each name whole and safe to put into SQL."""

    document: str
    gone: str
    profile: str
    word: str

    @classmethod
    def of(cls, schema: str, token: str) -> "Tables":
        """Name the tables that belong to a token."""
        stem = f"{schema}.{VERSION.replace('.', '_')}_{token}"
        return cls(*(f"{stem}_{part}" for part in cls.__slots__))

    def sql(self, statement: str) -> str:
        """Put the names into a statement, where it has them in braces."""
        return statement.format(**{part: getattr(self, part) for part in self.__slots__})


class Schema:
    """The schema of an index: its pointer and the right to write."""

    def __init__(self, name: str = SCHEMA) -> None:
        if not re.fullmatch("[a-z][a-z0-9_]{0,62}", name):
            raise ValueError(f"{name!r} is no name for a schema")
        self.name = name

    def tables(self, state: State) -> Tables:
        """Name the tables in use."""
        return Tables.of(self.name, state.token)

    def state(self, connection: Connection) -> State:
        """Read the pointer; raises ``NoIndex`` where there is none of this version."""
        statement = f"SELECT token, change, forgotten FROM {self.name}.state WHERE version = %s"  # noqa: S608 - names are ours
        try:
            row = connection.exec_driver_sql(statement, (VERSION,)).one_or_none()
        except ProgrammingError as error:
            if sqlstate(error) not in MISSING:
                raise
            raise NoIndex(NO_INDEX) from error
        if row is None:
            raise NoIndex(NO_INDEX)
        return State(*row)

    def write(self, connection: Connection, state: State) -> None:
        """Move the pointer, or note that there was a change."""
        connection.exec_driver_sql(
            f"INSERT INTO {self.name}.state (version, token, change, forgotten)"  # noqa: S608
            " VALUES (%s, %s, %s, %s) ON CONFLICT (version) DO UPDATE SET token = excluded.token,"
            " change = excluded.change, forgotten = excluded.forgotten",
            (VERSION, state.token, state.change, state.forgotten),
        )

    def lock(self, connection: Connection) -> None:
        """Take the right to write until the transaction ends, waiting a while for others."""
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        own = zlib.crc32(self.name.encode()) - 2**31
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, own))
        connection.exec_driver_sql(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        )

    def prepare(self, connection: Connection) -> None:
        """Make schema and pointer where they are missing."""
        made = connection.exec_driver_sql("SELECT to_regnamespace(%s)", (self.name,)).scalar()
        try:
            if made is None:
                connection.exec_driver_sql(f"CREATE SCHEMA {self.name}")
            connection.exec_driver_sql(
                f"CREATE TABLE IF NOT EXISTS {self.name}.state (version text PRIMARY KEY,"
                " token text NOT NULL, change bigint NOT NULL, forgotten bigint NOT NULL)"
            )
        except DBAPIError as error:
            if sqlstate(error) != "42501":
                raise
            user = connection.engine.url.username or ""
            raise SearchError(MAY_NOT, schema=self.name, user=user) from error

    def create(self, connection: Connection) -> State:
        """Make empty tables that nobody reads yet."""
        state = State(secrets.token_hex(6), 0)
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
        connection.exec_driver_sql(self.tables(state).sql(_TABLES))
        return state

    def publish(self, connection: Connection, state: State) -> None:
        """Index what the tables hold and make them the ones in use."""
        connection.exec_driver_sql(self.tables(state).sql(_INDEXES))
        self.write(connection, state)
        connection.exec_driver_sql(
            f"DELETE FROM {self.name}.state WHERE version <> %s",  # noqa: S608
            (VERSION,),
        )

    def left_over(self, connection: Connection) -> list[str]:
        """List the tables of indexes that are not in use any more."""
        kept = self.tables(self.state(connection)).document.removesuffix("document")
        names = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (self.name,)
        ).scalars()
        ours = [f"{self.name}.{name}" for name in names if _OURS.fullmatch(name)]
        return [name for name in ours if not name.startswith(kept)]

    def drop_left_over(self, connection: Connection) -> bool:
        """Drop such tables; tell whether there were any."""
        left = self.left_over(connection)
        connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        if left:
            connection.exec_driver_sql(f"DROP TABLE {', '.join(left)}")
        return bool(left)


LOCKED = "55P03"
"""What PostgreSQL calls it when a lock is not to be had in time."""

MISSING = frozenset({"42P01", "3F000"})
"""What PostgreSQL calls it when a table or a schema is not there."""


def sqlstate(error: BaseException | None) -> str:
    """Give the code by which PostgreSQL names what went wrong; empty where it did not say."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
