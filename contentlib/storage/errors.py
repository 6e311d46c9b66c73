"""What can go wrong with bytes, in words a person can act on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from contentlib.core.errors import N_, TooLarge, Unavailable

MISSING = N_("This file is no longer in the store.")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class StorageError(Unavailable):
    """The store could not do what was asked."""


class StorageFull(StorageError):
    """There is no room left; reading still works."""

    status = 507


class ObjectMissing(StorageError):
    """The key is unknown to the store."""

    status = 404


class ObjectDamaged(StorageError):
    """The bytes under a key are not those that the key names."""


class InvalidKey(StorageError):
    """The key could point outside the store, or two stores would disagree about it."""

    status = 400


class UploadTooLarge(TooLarge):
    """More bytes arrived than the installation accepts for one file."""


@contextmanager
def translated_errors() -> Iterator[None]:
    """Stop the operating system's exceptions at the seam."""
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing(MISSING) from error
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                N_("The store is full: new files are refused until there is room.")
            ) from error
        raise StorageError(
            N_("The store did not answer as it should. Try again in a moment.")
        ) from error
