"""What an S3 server or the way to it answers, as errors of this package."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from urllib3.exceptions import HTTPError

from contentlib.core.errors import N_
from contentlib.storage.errors import ObjectMissing, StorageError, StorageFull

_ABSENT = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}
_FULL = {"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge"}
_DENIED = {
    "401",
    "403",
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
}
_CHANGED = {
    "BadDigest",
    "InvalidDigest",
    "XAmzContentSHA256Mismatch",
    "XAmzContentChecksumMismatch",
}

NO_BUCKET = N_("The store has no bucket of this name. Make it, or correct CONTENTLIB_STORAGE_URL.")


@contextmanager
def s3_errors() -> Iterator[None]:
    """Stop the exceptions of boto3 and of the connection at the seam."""
    try:
        yield
    except ClientError as error:
        raise _told(error) from error
    except NoCredentialsError as error:
        raise StorageError(
            N_("There are no credentials for the store. Set AWS_ACCESS_KEY_ID and its secret.")
        ) from error
    except (BotoCoreError, HTTPError, OSError) as error:
        raise StorageError(
            N_("The store did not answer as it should. Try again in a moment.")
        ) from error


def is_absent(error: ClientError) -> bool:
    """Tell whether a server says that there is no such object."""
    return _code(error) in _ABSENT


def _told(error: ClientError) -> StorageError:
    code = _code(error)
    if code == "NoSuchBucket":
        return StorageError(NO_BUCKET)
    if code in _ABSENT:
        return ObjectMissing(N_("This file is no longer in the store."))
    if code in _FULL:
        return StorageFull(N_("The store is full: new files are refused until there is room."))
    if code in _DENIED:
        return StorageError(
            N_("The store refuses our credentials. An administrator can check them.")
        )
    if code in _CHANGED:
        return StorageError(
            N_("The bytes were changed on their way to the store. Send them again.")
        )
    return StorageError(N_("The store did not answer as it should. Try again in a moment."))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
