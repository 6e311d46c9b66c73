"""A store in a bucket of Amazon S3 or any server that speaks its language: `s3:BUCKET/PREFIX`.

Every request carries a checksum of what it sends, which the server compares; what is sent in parts
is looked at again as a whole before it counts.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from contentlib.core.errors import N_
from contentlib.core.failpoints import reached
from contentlib.storage.backend import ADDRESS_SECONDS, Presented, StoredObject
from contentlib.storage.direct import DirectStorage
from contentlib.storage.errors import StorageError, translated_errors
from contentlib.storage.ranges import FilePart
from contentlib.storage.s3_address import S3Address
from contentlib.storage.s3_direct import S3Direct
from contentlib.storage.s3_errors import is_absent, s3_errors

PART = 16 * 2**20
"""Bytes of a part; S3 takes at most 10,000 of them."""

MOST_PARTS = 10_000
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 5, 30, 4


class S3Storage:
    """Objects of one bucket whose names begin with the prefix of this store."""

    def __init__(self, address: S3Address) -> None:
        self._address = address
        self._client = _client(address)
        with translated_errors():
            self.staging.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def staging(self) -> Path:
        """Return the folder of this machine for files still being received."""
        return self._address.staging.absolute()

    def put(self, key: str, file: Path) -> StoredObject:
        """Send a finished file and see that it is there whole; then the local one is gone."""
        where = self._address.where(key)
        with translated_errors():
            size = file.stat().st_size
        with s3_errors():
            if size <= PART:
                self._put_whole(where, file, size)
            else:
                self._put_in_parts(where, file, size)
        reached("put.sent")
        kept = self.stat(key)
        if kept is None or kept.size != size:
            raise StorageError(N_("The store did not keep the whole file. Send it again."))
        file.unlink(missing_ok=True)
        return kept

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open an object, or a part of it, for reading from the connection."""
        where, wanted = self._address.where(key), {}
        if start or length is not None:
            end = "" if length is None else str(start + max(length, 1) - 1)
            wanted["Range"] = f"bytes={start}-{end}"
        with s3_errors():
            try:
                body = self._client.get_object(**where, **wanted)["Body"]
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != OUT_OF_RANGE:
                    raise
                return BytesIO()  # The part begins where the object has ended.
        if length == 0:
            body.close()
            return BytesIO()
        return BufferedReader(_Reader(body))

    def stat(self, key: str) -> StoredObject | None:
        """Ask the server for an object's head."""
        where = self._address.where(key)
        with s3_errors():
            try:
                head = self._client.head_object(**where)
            except ClientError as error:
                if not is_absent(error):
                    raise
                return None
        return StoredObject(key, head["ContentLength"], _in_utc(head["LastModified"]))

    def delete(self, key: str) -> None:
        """Remove an object."""
        with s3_errors():
            self._client.delete_object(**self._address.where(key))

    def address(
        self, key: str, shown: Presented, *, method: Literal["GET", "HEAD"] = "GET"
    ) -> str | None:
        """Sign an address; the server refuses it once anything of it is changed, or it is old."""
        where = self._address.where(key)
        if self._address.direct != "yes":
            return None
        wanted = {
            "ResponseContentType": shown.content_type,
            "ResponseContentDisposition": shown.disposition,
            "ResponseCacheControl": shown.cache_control,
        }
        with s3_errors():
            return str(
                self._signing.generate_presigned_url(
                    f"{method.lower()}_object",
                    Params={**where, **wanted},
                    ExpiresIn=ADDRESS_SECONDS,
                )
            )

    @cached_property
    def origin(self) -> str:
        """Read the origin from an address, since only boto3 knows the names of Amazon's hosts."""
        address = self.address("any", Presented("", "", ""))
        parts = urlsplit(address or "")
        return f"{parts.scheme}://{parts.netloc}" if address else ""

    @cached_property
    def direct(self) -> DirectStorage | None:
        """Receive files from browsers, unless the address keeps them away."""
        if self._address.direct != "yes":
            return None
        return S3Direct(self._client, self._signing, self._address)

    @cached_property
    def _signing(self) -> Any:
        """Return a client that knows the server as browsers do: its host is part of what is signed.

        It sends nothing; all it does is to sign.
        """
        browsers = self._address.browsers
        return _client(replace(self._address, endpoint=browsers)) if browsers else self._client

    def find(self, prefix: str = "") -> Iterator[StoredObject]:
        """Walk over the bucket, a thousand objects a request."""
        root = f"{self._address.prefix}/" if self._address.prefix else ""
        pages = self._client.get_paginator("list_objects_v2")
        with s3_errors():
            for page in pages.paginate(Bucket=self._address.bucket, Prefix=root + prefix):
                for item in page.get("Contents", ()):
                    key = self._address.key_of(item["Key"])
                    yield StoredObject(key, item["Size"], _in_utc(item["LastModified"]))

    def _put_whole(self, where: dict[str, str], file: Path, size: int) -> None:
        with FilePart(file, 0, size) as body:
            self._client.put_object(
                **where,
                **self._address.encrypted,
                Body=body,
                ContentLength=size,
            )

    def _put_in_parts(self, where: dict[str, str], file: Path, size: int) -> None:
        begun = self._client.create_multipart_upload(**where, **self._address.encrypted)
        upload = {**where, "UploadId": begun["UploadId"]}
        try:
            parts = list(self._send_parts(upload, file, size))
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        except BaseException:
            # Parts of what was given up cost room; where even that fails, the bucket's own rule
            # for unfinished uploads has to remove them.
            with suppress(StorageError), s3_errors():
                self._client.abort_multipart_upload(**upload)
            raise

    def _send_parts(
        self, upload: dict[str, str], file: Path, size: int
    ) -> Iterator[dict[str, Any]]:
        block = max(PART, -(-size // MOST_PARTS))
        for number, start in enumerate(range(0, size, block), start=1):
            reached("put.part")
            length = min(block, size - start)
            with FilePart(file, start, length) as body:
                sent = self._client.upload_part(
                    **upload,
                    PartNumber=number,
                    Body=body,
                    ContentLength=length,
                )
            yield {"PartNumber": number, "ETag": sent["ETag"]}


OUT_OF_RANGE = 416


class _Reader(RawIOBase):
    """Reads the body of an answer, telling errors of the connection by our names."""

    def __init__(self, body: StreamingBody) -> None:
        self._body = body

    def readable(self) -> bool:
        """Say that this is for reading."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer from the connection."""
        with s3_errors():
            block = self._body.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Give the connection back."""
        self._body.close()
        super().close()


def _client(address: S3Address) -> Any:
    own = bool(address.endpoint)
    return boto3.session.Session().client(
        "s3",
        endpoint_url=address.endpoint or None,
        region_name=address.region,
        verify=address.ca or None,
        config=Config(
            signature_version="s3v4",
            # Other servers know neither buckets as host names nor the checksums that boto3 adds
            # by itself: some refuse them, one kept their framing as a part of the file.
            s3={
                "addressing_style": "path"
                if own and address.addressing == "auto"
                else address.addressing,
                # The SHA-256 of every body is part of what is signed, and the server compares it.
                "payload_signing_enabled": True,
            },
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        ),
    )


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
