"""What a backup says of itself, and whether it is true.

`manifest.json` names every file of rows with its number of lines and checksum, and the list of
objects with its checksum; that list names every object with size and checksum. `manifest.sha256` is
the checksum of the manifest, so that nothing of it can be missing either.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from contentlib.backup.rows import read_rows
from contentlib.core.errors import N_, ContentlibError

FORMAT = 1
MANIFEST, SEAL, OBJECTS = "manifest.json", "manifest.sha256", "objects.jsonl"
BLOCK = 2**20


class Damaged(ContentlibError):
    """A backup is not what it says of itself; nothing is restored from it."""


@dataclass(frozen=True)
class Manifest:
    """What is in a backup; `tables` has rows and checksum by table, sizes are in bytes."""

    format: int
    revision: str
    made_at: str
    tables: dict[str, dict[str, Any]]
    objects: int
    object_bytes: int
    objects_sha256: str

    def write(self, folder: Path) -> None:
        """Write the manifest and its checksum, the last files of a backup."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()
        (folder / MANIFEST).write_bytes(text)
        (folder / SEAL).write_text(f"{hashlib.sha256(text).hexdigest()}\n")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a manifest that is whole; raises ``Damaged`` otherwise."""
        try:
            text = (folder / MANIFEST).read_bytes()
            sealed = (folder / SEAL).read_text().strip()
        except FileNotFoundError:
            raise Damaged(
                N_("%(folder)s is no backup: it has no manifest."), folder=folder
            ) from None
        if hashlib.sha256(text).hexdigest() != sealed:
            raise Damaged(N_("The manifest of this backup is damaged; it cannot be restored."))
        facts = json.loads(text)
        if facts["format"] != FORMAT:
            raise Damaged(
                N_("This backup has format %(format)s; this version reads %(known)s."),
                format=facts["format"],
                known=FORMAT,
            )
        return cls(**facts)


@dataclass(frozen=True)
class Kept:
    """An object of a backup; `size` in bytes."""

    key: str
    size: int
    sha256: str

    def line(self) -> bytes:
        """Return it as a line of the list."""
        return json.dumps(asdict(self)).encode() + b"\n"


def objects_of(folder: Path) -> Iterator[Kept]:
    """Give the objects that the list of a backup names."""
    with (folder / OBJECTS).open("rb") as lines:
        for line in lines:
            yield Kept(**json.loads(line))


def verify(folder: Path) -> Manifest:
    """Compare every byte of a backup with its manifest; raises ``Damaged`` naming what differs."""
    manifest = Manifest.read(folder)
    for name, facts in manifest.tables.items():
        if _facts_of(rows_file(folder, name)) != facts:
            raise _damaged(f"rows/{name}")
    if not (folder / OBJECTS).is_file() or hash_of(folder / OBJECTS) != manifest.objects_sha256:
        raise _damaged(OBJECTS)
    for kept in objects_of(folder):
        path = folder / kept.key
        if not path.is_file() or hash_of(path) != kept.sha256:
            raise _damaged(kept.key)
    return manifest


def rows_file(folder: Path, table: str) -> Path:
    """Return where the rows of a table are."""
    return folder / "rows" / f"{table}.jsonl.gz"


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _facts_of(path: Path) -> dict[str, Any] | None:
    digest, count = hashlib.sha256(), 0
    try:
        for line in read_rows(path):
            digest.update(line)
            count += 1
    except (OSError, EOFError):
        # Not there, cut off, or no longer what gzip can read.
        return None
    return {"rows": count, "sha256": digest.hexdigest()}


def _damaged(name: str) -> Damaged:
    return Damaged(
        N_("“%(name)s” of this backup is missing or damaged; nothing was restored."), name=name
    )
