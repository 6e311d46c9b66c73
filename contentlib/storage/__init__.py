"""Keeping bytes: knows keys and streams, not assets.

One URL-like setting chooses where they are kept (`file:DIR`); every implementation passes
`tests/contracts/test_storage.py`.
"""

from contentlib.storage.backend import Presented, Storage, StoredObject
from contentlib.storage.direct import DirectStorage, Part, Signed
from contentlib.storage.errors import (
    InvalidKey,
    ObjectDamaged,
    ObjectMissing,
    StorageError,
    StorageFull,
    UploadTooLarge,
)
from contentlib.storage.keys import object_key, sha256_of
from contentlib.storage.opening import open_storage
from contentlib.storage.receive import (
    Received,
    as_file,
    clear_staging,
    hash_of,
    promote,
    put_stream,
    receive,
)

__all__ = [
    "DirectStorage",
    "InvalidKey",
    "ObjectDamaged",
    "ObjectMissing",
    "Part",
    "Presented",
    "Received",
    "Signed",
    "Storage",
    "StorageError",
    "StorageFull",
    "StoredObject",
    "UploadTooLarge",
    "as_file",
    "clear_staging",
    "hash_of",
    "object_key",
    "open_storage",
    "promote",
    "put_stream",
    "receive",
    "sha256_of",
]
