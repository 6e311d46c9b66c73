"""Which store a setting chooses."""

from pathlib import Path

from contentlib.core.errors import N_
from contentlib.storage.backend import Storage
from contentlib.storage.errors import StorageError
from contentlib.storage.local import LocalStorage


def open_storage(url: str) -> Storage:
    """Open the store a setting names: `file:FOLDER` or `s3:BUCKET/PREFIX?endpoint=URL&...`."""
    scheme, separator, rest = url.partition(":")
    if scheme == "file" and separator and rest:
        return LocalStorage(Path(rest.removeprefix("//")))
    if scheme == "s3" and separator and rest:
        return _open_s3(url)
    raise StorageError(
        N_(
            "CONTENTLIB_STORAGE_URL must look like file:FOLDER or s3:BUCKET; "
            "“%(url)s” names no known store."
        ),
        url=url,
    )


def _open_s3(url: str) -> Storage:
    # Who keeps files in a folder need not wait for boto3 to be read.
    from contentlib.storage.s3 import S3Storage  # noqa: PLC0415
    from contentlib.storage.s3_address import S3Address  # noqa: PLC0415

    return S3Storage(S3Address.read(url))
