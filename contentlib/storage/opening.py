"""Which store a setting chooses."""

from pathlib import Path

from contentlib.core.errors import N_
from contentlib.storage.backend import Storage
from contentlib.storage.errors import StorageError
from contentlib.storage.local import LocalStorage


def open_storage(url: str) -> Storage:
    """Open the store a setting names, e.g. `file:var/files` or `file:/srv/contentlib`."""
    scheme, separator, rest = url.partition(":")
    if scheme == "file" and separator and rest:
        return LocalStorage(Path(rest.removeprefix("//")))
    raise StorageError(
        N_("CONTENTLIB_STORAGE_URL must look like file:FOLDER; “%(url)s” names no known store."),
        url=url,
    )
