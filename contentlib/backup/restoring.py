"""Restoring a backup into an installation that nobody uses yet.

The backup is compared with its manifest first, byte by byte; then its rows go into tables of the
version that made it, in one transaction, and its objects into the store; last, the tables are
brought up to this version.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, select

from contentlib.backup.manifest import Manifest, objects_of, rows_file, verify
from contentlib.backup.rows import Tables, count_on, is_empty, link_rows, load_rows
from contentlib.core.errors import N_, Conflict
from contentlib.storage import Storage, put_stream

Progress = Callable[[str, int], None]
Upgrade = Callable[[str], None]


def restore(
    engine: Engine, storage: Storage, folder: Path, upgrade: Upgrade, progress: Progress
) -> Manifest:
    """Bring everything back; ``upgrade`` brings the tables to the version it is given."""
    if not is_empty(engine):
        raise Conflict(N_("People use this installation. Restore into an empty one."))
    manifest = verify(folder)
    # Objects come first: a row whose bytes are missing is worse than bytes without a row.
    for number, kept in enumerate(objects_of(folder), start=1):
        with (folder / kept.key).open("rb") as stream:
            put_stream(storage, kept.key, stream)
        progress("files", number)
    upgrade(manifest.revision)
    with engine.begin() as connection:
        _load(connection, folder, manifest, progress)
    upgrade("head")
    return manifest


def _load(connection: Connection, folder: Path, manifest: Manifest, progress: Progress) -> None:
    tables = Tables.of(connection)
    # A fresh installation has what migrations put there; the backup has what became of that.
    for table in reversed(tables.ordered):
        if connection.scalar(select(func.count()).select_from(table)):
            connection.execute(delete(table))
    for table in tables.ordered:
        if table.name in manifest.tables:
            path = rows_file(folder, table.name)
            progress(table.name, load_rows(connection, tables, table, path))
            count_on(connection, table)
    for table in tables.ordered:
        if table.name in manifest.tables:
            link_rows(connection, tables, table, rows_file(folder, table.name))
