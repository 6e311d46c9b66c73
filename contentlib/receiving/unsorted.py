"""Files taken as they are: kept under a key of their own until somebody says what they are."""

from typing import Any

from contentlib.accounts.models import User
from contentlib.core.config import Settings
from contentlib.extraction import clean_filename
from contentlib.extraction.errors import EMPTY, UnacceptableFile
from contentlib.receiving import parts
from contentlib.receiving.landing import path_of
from contentlib.receiving.models import Upload, UploadState
from contentlib.receiving.protocol import (
    AtAnotherPlace,
    begun_before,
    expect,
    offset_of,
)
from contentlib.receiving.room import refuse_without_room
from contentlib.storage import Storage


def begin_unsorted(
    storage: Storage,
    settings: Settings,
    *,
    by: User,
    key: str,
    file_name: str,
    size: int,
    aim: dict[str, Any],
    most_mb: int,
) -> Upload:
    """Write down that a file of any kind will be sent, or return what the same key began."""
    name = clean_filename(file_name)
    known = begun_before(by, key, name, size)
    if known is not None:
        return known
    if size <= 0:
        raise UnacceptableFile(EMPTY)
    refuse_without_room(size, storage.staging, settings, by, most_mb=most_mb)
    return expect(by=by, key=key, name=name, size=size, aim=aim)


def keep_unsorted(storage: Storage, upload: Upload) -> str:
    """Put what arrived under a key of its own and return that; the same again changes nothing.

    Raises `AtAnotherPlace` where a part of it is missing, or all of it was lost on the way.
    """
    key, path = f"imports/{upload.id}", path_of(storage, upload.id)
    if upload.state is UploadState.RECEIVING and parts.length_of(path):
        offset = offset_of(storage, upload)
        if offset != upload.size:
            raise AtAnotherPlace(offset)
        storage.put(key, path)
    kept = storage.stat(key)
    if kept is None or kept.size != upload.size:
        raise AtAnotherPlace(0)
    return key
