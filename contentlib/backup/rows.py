"""All rows of a database, read as one state of it and written into another one.

Tables are taken as the database itself has them, not as this version's models see them: a backup
of an earlier version is loaded into that version's tables, which are then brought up to date.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from contentlib.backup.plain import plain, value_of
from contentlib.core.db import reading

ROWS_AT_ONCE = 1000
REVISION = "alembic_version"


@contextmanager
def one_state(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the database as it is now, whatever others write meanwhile."""
    level = "REPEATABLE READ" if engine.dialect.name == "postgresql" else None
    with engine.connect() as plain_connection, reading():
        options = {"isolation_level": level} if level else {}
        connection = plain_connection.execution_options(**options)
        with connection.begin():
            yield connection


def revision_of(connection: Connection) -> str:
    """Return the version of the tables."""
    return str(connection.scalar(text(f"SELECT version_num FROM {REVISION}")))  # noqa: S608


@dataclass(frozen=True)
class Tables:
    """All tables, each after those that its rows refer to; `round` names columns that cannot be.

    They refer to rows that refer to theirs, as a material to its published version.
    """

    ordered: list[Table]
    round: dict[str, frozenset[str]]

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """Read them from the database."""
        metadata = MetaData()
        metadata.reflect(connection)
        tables = [table for table in metadata.tables.values() if table.name != REVISION]
        for column in (column for table in tables for column in table.columns):
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
        return cls(*_in_order({table.name: table for table in tables}))


def _in_order(tables: Mapping[str, Table]) -> tuple[list[Table], dict[str, frozenset[str]]]:
    """Put tables after those they refer to; only what may be empty can have to wait."""
    references = sorted(
        (column for table in tables.values() for column in table.columns if column.foreign_keys),
        key=lambda column: (column.nullable, str(column)),
    )
    graph: dict[str, set[str]] = {name: set() for name in sorted(tables)}
    around: dict[str, frozenset[str]] = {}
    for column in references:
        (reference,) = column.foreign_keys
        table, target = column.table.name, reference.column.table.name
        if target != table and _leads_to(graph, target, table):
            around[table] = around.get(table, frozenset()) | {column.name}
        elif target != table:
            graph[table].add(target)
    return [tables[name] for name in TopologicalSorter(graph).static_order()], around


def _leads_to(graph: Mapping[str, set[str]], start: str, end: str) -> bool:
    return start == end or any(_leads_to(graph, following, end) for following in graph[start])


def write_rows(connection: Connection, table: Table, path: Path) -> dict[str, Any]:
    """Write a table's rows in the order of their keys; give their number and checksum."""
    digest, count = hashlib.sha256(), 0
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    with gzip.open(path, "wb", compresslevel=6) as lines:
        for row in result.mappings():
            told = {name: plain(value) for name, value in row.items()}
            line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            lines.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def read_rows(path: Path) -> Iterator[bytes]:
    """Give the lines of a table again."""
    with gzip.open(path, "rb") as lines:
        yield from lines


def load_rows(connection: Connection, tables: Tables, table: Table, path: Path) -> int:
    """Write rows into an empty table and count them, but for references that go round."""
    later, count = tables.round.get(table.name, frozenset()), 0
    lines = read_rows(path)
    while block := list(islice(lines, ROWS_AT_ONCE)):
        rows = [_row(connection, line) for line in block]
        connection.execute(insert(table), [row | dict.fromkeys(later) for row in rows])
        count += len(rows)
    return count


def link_rows(connection: Connection, tables: Tables, table: Table, path: Path) -> None:
    """Write the references that go round, once all rows are there."""
    later = tables.round.get(table.name)
    if not later:
        return
    (key,) = table.primary_key.columns
    for line in read_rows(path):
        row = _row(connection, line)
        links = {name: row[name] for name in later if row[name] is not None}
        if links:
            connection.execute(update(table).where(key == row[key.name]).values(**links))


def count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were loaded."""
    if connection.dialect.name != "postgresql" or len(table.primary_key.columns) != 1:
        return
    (key,) = table.primary_key.columns
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
    highest = connection.scalar(select(func.max(key))) if sequence else None
    if highest is not None:
        connection.execute(select(func.setval(sequence, highest)))


def is_empty(engine: Engine) -> bool:
    """Tell whether nobody uses a database yet: no tables, or nobody who could sign in."""
    if not inspect(engine).has_table("user_account"):
        return True
    with engine.connect() as connection:
        return not connection.scalar(text("SELECT count(*) FROM user_account"))


def _row(connection: Connection, line: bytes) -> dict[str, Any]:
    aware = connection.dialect.name == "postgresql"
    return {name: value_of(told, aware=aware) for name, told in json.loads(line).items()}
