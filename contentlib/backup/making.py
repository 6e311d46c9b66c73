"""Making a backup: rows first, then the objects that these rows speak of.

Objects never change and are not deleted for days after the last row that speaks of them, so what
the rows of one moment name is there still when it is copied.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from contentlib.backup.manifest import FORMAT, OBJECTS, Kept, Manifest, rows_file, verify
from contentlib.backup.rows import Tables, one_state, revision_of, write_rows
from contentlib.core.clock import now
from contentlib.core.errors import N_, Conflict
from contentlib.storage import Storage, object_key

BLOCK = 2**20
Progress = Callable[[str, int], None]


def make(engine: Engine, storage: Storage, folder: Path, progress: Progress) -> Manifest:
    """Write a backup into a folder that is not there yet, and verify it before it has its name."""
    if folder.exists():
        raise Conflict(N_("%(folder)s is there already. Name a new folder."), folder=folder)
    growing = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(growing, ignore_errors=True)
    (growing / "rows").mkdir(parents=True, mode=0o700)
    with one_state(engine) as connection:
        tables = {}
        for table in Tables.of(connection).ordered:
            tables[table.name] = write_rows(connection, table, rows_file(growing, table.name))
            progress(table.name, tables[table.name]["rows"])
        revision, hashes = revision_of(connection), list(_hashes(connection))
    count, size, listed = _copy(storage, hashes, growing, progress)
    Manifest(
        format=FORMAT,
        revision=revision,
        made_at=now().isoformat(),
        tables=tables,
        objects=count,
        object_bytes=size,
        objects_sha256=listed,
    ).write(growing)
    manifest = verify(growing)
    growing.rename(folder)
    return manifest


def _hashes(connection: Connection) -> Iterator[str]:
    for (sha256,) in connection.execute(text("SELECT sha256 FROM blob ORDER BY sha256")):
        yield str(sha256)


def _copy(
    storage: Storage, hashes: list[str], folder: Path, progress: Progress
) -> tuple[int, int, str]:
    """Copy every object of these hashes, and the pictures and the PDF made of it; list them."""
    count, size, digest = 0, 0, hashlib.sha256()
    with (folder / OBJECTS).open("wb") as listed:
        for sha256 in hashes:
            made = sorted(item.key for item in storage.find(f"previews/{sha256}/"))
            for key in (object_key(sha256), *made):
                kept = _copy_one(storage, key, folder)
                if key == object_key(sha256) and kept.sha256 != sha256:
                    raise Conflict(
                        N_("%(key)s has other bytes than its name says. Run: contentlib fsck"),
                        key=key,
                    )
                listed.write(kept.line())
                digest.update(kept.line())
                count, size = count + 1, size + kept.size
            progress("files", count)
    return count, size, digest.hexdigest()


def _copy_one(storage: Storage, key: str, folder: Path) -> Kept:
    path, digest, size = folder / key, hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with storage.open(key) as source, path.open("xb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    return Kept(key, size, digest.hexdigest())
