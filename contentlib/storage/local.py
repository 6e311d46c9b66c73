"""A store in a folder of this machine: `file:DIR`."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Literal

from contentlib.core.errors import N_
from contentlib.core.failpoints import reached
from contentlib.storage.backend import Presented, StoredObject
from contentlib.storage.errors import ObjectMissing, StorageError, translated_errors
from contentlib.storage.keys import RESERVED, valid_key
from contentlib.storage.ranges import RangeReader


class LocalStorage:
    """Objects are files below one folder; a name appears only when its bytes are on disk."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.absolute()
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.staging.mkdir(mode=0o700, exist_ok=True)
            writable = os.access(self.staging, os.W_OK | os.X_OK)
        except OSError:
            writable = False
        if not writable:
            raise StorageError(
                N_("The folder for files, %(folder)s, cannot be written."), folder=str(folder)
            )

    @property
    def staging(self) -> Path:
        """Return the folder for files still being received."""
        return self._root / RESERVED

    def put(self, key: str, file: Path) -> StoredObject:
        """Rename a finished file to its key, with the disk keeping up at every step."""
        target, source = self._path(key), file
        with translated_errors():
            try:
                self._make_folder(target.parent)
                source = self._beside(file)
                _sync(source)
                reached("put.synced")
                source.replace(target)
                reached("put.renamed")
                _sync(target.parent)
            except OSError:
                # After a failed fsync the pages may be gone though a second fsync succeeds,
                # so these bytes are given up and the sender has to send them again.
                source.unlink(missing_ok=True)
                raise
            return self._describe(key, target.stat())

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open an object, or a part of it."""
        with translated_errors():
            path = self._path(key)
            if not path.is_file():
                raise ObjectMissing(N_("This file is no longer in the store."))
            if start == 0 and length is None:
                return path.open("rb")
            return BufferedReader(RangeReader(path.open("rb", buffering=0), start, length))

    def stat(self, key: str) -> StoredObject | None:
        """Return what is known of an object, or None."""
        path = self._path(key)
        with translated_errors():
            return self._describe(key, path.stat()) if path.is_file() else None

    def delete(self, key: str) -> None:
        """Unlink an object."""
        path = self._path(key)
        with translated_errors():
            if path.is_file():
                path.unlink(missing_ok=True)
                _sync(path.parent)

    def address(
        self, key: str, shown: Presented, *, method: Literal["GET", "HEAD"] = "GET"
    ) -> str | None:
        """Return nothing: a folder is reached through the application only."""
        valid_key(key)
        return None

    @property
    def origin(self) -> str:
        """Return nothing, since no browser is ever sent here."""
        return ""

    @property
    def direct(self) -> None:
        """Return nothing: what comes into a folder comes through the application."""
        return

    def find(self, prefix: str = "") -> Iterator[StoredObject]:
        """Walk over the folder."""
        for folder, names, files in os.walk(self._root):
            if Path(folder) == self._root:
                names[:] = [name for name in names if name != RESERVED]
            for name in files:
                path = Path(folder, name)
                key = path.relative_to(self._root).as_posix()
                found = self.stat(key) if key.startswith(prefix) else None
                if found is not None:
                    yield found

    def _path(self, key: str) -> Path:
        return self._root / valid_key(key)

    def _describe(self, key: str, status: os.stat_result) -> StoredObject:
        modified = datetime.fromtimestamp(status.st_mtime, tz=UTC)
        return StoredObject(key=key, size=status.st_size, modified=modified)

    def _make_folder(self, folder: Path) -> None:
        """Create a folder so that it is still there after a power cut."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)

    def _beside(self, file: Path) -> Path:
        """Bring a file from elsewhere into the staging area, so that renaming it is atomic."""
        if file.parent == self.staging:
            return file
        moved = self.staging / f"{os.getpid()}-{os.urandom(8).hex()}"
        shutil.move(file, moved)
        return moved


def _sync(path: Path) -> None:
    """Wait until the disk holds a file's bytes, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
