"""Search in PostgreSQL, for installations of several machines that share one index.

Analysis and kernel are those of the Whoosh engine. PostgreSQL keeps the documents and tells who has
a word, and with what weight; every process remembers labels and moments of all documents (about 200
bytes each) and, until the index changes, who has the words that were asked for last.

Its ranking is the same BM25F, with weights from 9 on rounded down: on the judged collections it is
0.0 to 0.2 points of nDCG@10 weaker than over Whoosh's files. It is slower, since words come over a
connection: at 50,000 documents, 40 ms (p95 90) for words that were not asked for since the last
change of the index, 3 ms (p95 6) for those that were.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from contentlib.search.asking import ask
from contentlib.search.engine import (
    BROKEN,
    BUSY,
    FAILED,
    Answer,
    Changes,
    Document,
    Progress,
    Query,
    SearchBusy,
    SearchError,
    SearchUnavailable,
    Stats,
)
from contentlib.search.postgres.columns import Columns
from contentlib.search.postgres.generation import PostgresGeneration
from contentlib.search.postgres.rows import Writing
from contentlib.search.postgres.tables import (
    LOCKED,
    MISSING,
    SCHEMA,
    VERSION,
    Schema,
    State,
    Tables,
    sqlstate,
)
from contentlib.search.postgres.tending import drop_left_over, tend

# A scan of all rows would read every text vector back from where long values are kept, which the
# planner does not know to be dear; and no answer is worth compiling for.
_SESSION = """
SET enable_seqscan = off; SET jit = off; SET max_parallel_workers_per_gather = 0;
SET statement_timeout = '5s'; SET lock_timeout = '5s'; SET application_name = 'contentlib search'
"""
_DAMAGED = frozenset({"XX001", "XX002"})
_SWAPPED = MISSING | {"XX000"}
"""What a search may hear while the tables it was about to read are dropped."""

_SIZE = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%(names)s::text[]) AS name"
TRIES = 3

T = TypeVar("T")


class PostgresEngine:
    """One object a process, shared by its threads, with connections of its own."""

    def __init__(self, url: str, schema: str = SCHEMA) -> None:
        # Statements are not prepared: a plan made for other words may be a bad one.
        self._database = create_engine(
            make_url(url),
            isolation_level="REPEATABLE READ",
            pool_size=4,
            max_overflow=8,
            pool_timeout=5,
            connect_args={"prepare_threshold": None, "connect_timeout": 5},
        )
        event.listen(self._database, "connect", _configure)
        self._writer = self._database.execution_options(isolation_level="READ COMMITTED")
        self._schema = Schema(schema)
        self._lock = threading.Lock()
        self._held: Columns | None = None

    def apply(self, changes: Changes) -> None:
        """Write the changes in one transaction, one writer at a time."""
        latest = {document.id: document for document in changes.documents}
        with _seam(), self._writer.begin() as connection:
            self._schema.lock(connection)
            state = self._schema.state(connection)
            after = State(state.token, state.change + 1, state.forgotten)
            writing = Writing(connection, self._schema.tables(state))
            writing.delete(changes.deleted | latest.keys(), after.change)
            for _ in writing.insert(latest.values()):
                pass
            writing.finish()
            self._schema.write(connection, after)

    def search(self, query: Query) -> Answer:
        """Answer from one state of the index."""
        if not query.access:
            return Answer(facets={name: {} for name in query.facets})
        return self._reading(lambda generation, _: ask(generation, query))

    def revisions(self) -> dict[str, int]:
        """Give id → revision of everything in the index."""
        return self._reading(lambda generation, _: dict(generation.revisions()))

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> int:
        """Fill new tables beside those in use, and move the pointer with the same commit."""
        count = 0
        with _seam():
            with self._writer.begin() as connection:
                self._schema.lock(connection)
                self._schema.prepare(connection)
                state = self._schema.create(connection)
                writing = Writing(connection, self._schema.tables(state))
                for some in writing.insert(documents):
                    count += some
                    if progress is not None:
                        progress(count)
                writing.finish()
                self._schema.publish(connection, state)
            drop_left_over(self._writer, self._schema)
        return count

    def tend(self) -> bool:
        """Clean up after changes, so that searches stay as fast as after a rebuild."""
        with _seam():
            return tend(self._writer, self._schema)

    def stats(self) -> Stats:
        """Measure the tables in use."""

        def measured(generation: PostgresGeneration, connection: Connection) -> Stats:
            tables = self._schema.tables(self._schema.state(connection))
            names = [getattr(tables, part) for part in Tables.__slots__]
            size = connection.exec_driver_sql(_SIZE, {"names": names}).scalar()
            return Stats(int(generation.live.sum()), 1, int(size or 0), VERSION)

        return self._reading(measured)

    def drop(self) -> None:
        """Take the whole schema away, as after a measurement, and close all connections."""
        with _seam(), self._writer.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {self._schema.name} CASCADE")
        self.close()

    def close(self) -> None:
        """Close the connections that nobody uses at the moment."""
        self._database.dispose()

    def _reading(self, answer: Callable[[PostgresGeneration, Connection], T]) -> T:
        """Answer within one transaction; a swap of tables or a lost connection is tried again."""
        with _seam():
            for _ in range(TRIES - 1):
                try:
                    return self._answered(answer)
                except DBAPIError as error:
                    if not (error.connection_invalidated or sqlstate(error) in _SWAPPED):
                        raise
            return self._answered(answer)

    def _answered(self, answer: Callable[[PostgresGeneration, Connection], T]) -> T:
        with self._database.connect() as connection:
            return answer(PostgresGeneration(self._columns(connection), connection), connection)

    def _columns(self, connection: Connection) -> Columns:
        """Give the columns of the state that a transaction sees, which it begins to see here."""
        # Read one after the other, so that no thread sees an earlier state than the one held.
        with self._lock:
            state = self._schema.state(connection)
            held = self._held
            if held is not None and held.state == state:
                return held
            if (
                held is None
                or held.state.token != state.token
                or held.state.change < state.forgotten
            ):
                held = Columns(self._schema.tables(state), State(state.token, 0))
            self._held = held.followed(connection, state)
            return self._held


@contextmanager
def _seam() -> Iterator[None]:
    """Let no foreign exception out."""
    try:
        yield
    except SearchError:
        raise
    except DBAPIError as error:
        if sqlstate(error) == LOCKED:
            raise SearchBusy(BUSY) from error
        if sqlstate(error) in MISSING | _DAMAGED:
            raise SearchUnavailable(BROKEN) from error
        raise SearchError(FAILED) from error
    except Exception as error:
        raise SearchError(FAILED) from error


def _configure(connection: Any, _record: object) -> None:
    before, connection.autocommit = connection.autocommit, True
    connection.execute(_SESSION)
    connection.autocommit = before
