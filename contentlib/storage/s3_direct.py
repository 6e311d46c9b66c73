"""Parts that browsers send straight to a bucket, by addresses that are good for one part each.

What is signed: the method, the key, what was begun, the number of the part, its length and its
SHA-256, which the server compares. So an address writes these bytes to this place, or nothing.
"""

import base64
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from botocore.exceptions import ClientError

from contentlib.storage.direct import PART_SECONDS, Part, Signed
from contentlib.storage.errors import StorageError
from contentlib.storage.s3_address import S3Address
from contentlib.storage.s3_errors import is_absent, s3_errors

PART, LARGE_PART, MOST_PARTS = 8 * 2**20, 32 * 2**20, 10_000
"""Bytes of a part, of which S3 asks for 5 MiB, and how many parts it takes."""

LOST = 32
"""A line that breaks costs a part, so one is no more than this share of its file."""

SLICE = 64 * 2**20
"""Bytes that the server copies for one request, so that each is answered in good time."""

CHECKSUM = "x-amz-checksum-sha256"
PREFLIGHT_SECONDS = 10


class S3Direct:
    """Receives files in the bucket of a store; `signing` knows the server as browsers do."""

    def __init__(self, client: Any, signing: Any, address: S3Address) -> None:
        self._client, self._signing, self._address = client, signing, address

    def part_size(self, size: int) -> int:
        """Return how many bytes each part of a file has: few requests, and little to send again."""
        return max(PART, min(LARGE_PART, -(-size // LOST)), -(-size // MOST_PARTS))

    def begin(self, key: str) -> str:
        """Begin a multipart upload whose parts have to carry a SHA-256."""
        wanted = {**self._address.where(key), **self._address.encrypted}
        with s3_errors():
            begun = self._client.create_multipart_upload(**wanted, ChecksumAlgorithm="SHA256")
        return str(begun["UploadId"])

    def sign(self, key: str, begun: str, part: Part) -> Signed:
        """Sign the address of a part; it says nothing that a browser could leave out or change."""
        wanted = {
            **self._begun(key, begun),
            "PartNumber": part.number,
            "ContentLength": part.size,
            "ChecksumSHA256": _in_base64(part.sha256),
        }
        with s3_errors():
            address = self._signing.generate_presigned_url(
                "upload_part", Params=wanted, ExpiresIn=PART_SECONDS
            )
        return Signed(str(address), {CHECKSUM: _in_base64(part.sha256)})

    def parts(self, key: str, begun: str) -> dict[int, int]:
        """Ask the server which parts came."""
        return {part["PartNumber"]: part["Size"] for part in self._list(key, begun)}

    def assemble(self, key: str, begun: str, parts: Sequence[Part]) -> None:
        """Complete the upload from just these parts."""
        came = {part["PartNumber"]: part["ETag"] for part in self._list(key, begun)}
        named = [
            {
                "PartNumber": part.number,
                "ETag": came.get(part.number, ""),
                "ChecksumSHA256": _in_base64(part.sha256),
            }
            for part in parts
        ]
        with s3_errors():
            self._client.complete_multipart_upload(
                **self._begun(key, begun), MultipartUpload={"Parts": named}
            )

    def copy(self, key: str, to: str, *, size: int) -> None:
        """Let the server copy slice by slice, however large the whole is."""
        target = self._address.where(to)
        with s3_errors():
            begun = self._client.create_multipart_upload(**target, **self._address.encrypted)
            upload = {**target, "UploadId": begun["UploadId"]}
            try:
                parts = list(self._copy_slices(self._address.where(key), upload, size))
                self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            except BaseException:
                with suppress(StorageError), s3_errors():
                    self._client.abort_multipart_upload(**upload)
                raise

    def discard(self, key: str) -> None:
        """Abort what is under way under a key, and remove the object."""
        where = self._address.where(key)
        for name, begun in list(self._under_way(where["Key"])):
            if name == where["Key"]:
                self._abort(key, begun["UploadId"])
        with s3_errors():
            self._client.delete_object(**where)

    def begun(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Walk over the uploads under way in the bucket."""
        root = f"{self._address.prefix}/" if self._address.prefix else ""
        for name, begun in self._under_way(root + prefix):
            yield self._address.key_of(name), begun["Initiated"].astimezone(UTC)

    def lets_in(self, origin: str) -> bool:
        """Ask as a browser asks before it sends a part: by what names are signed, unsigned."""
        part = Part(1, 1, bytes(32))
        address = self.sign("incoming/preflight", "none", part).address
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": CHECKSUM,
        }
        question = Request(address, method="OPTIONS", headers=asked)  # noqa: S310 - http(s) only
        trusted = ssl.create_default_context(cafile=self._address.ca or None)
        try:
            with (
                s3_errors(),
                urlopen(  # noqa: S310
                    question, timeout=PREFLIGHT_SECONDS, context=trusted
                ) as answer,
            ):
                allowed = answer.headers
        except StorageError as error:
            if isinstance(error.__cause__, HTTPError):
                return False
            raise
        needed = {"Origin": origin, "Methods": "PUT", "Headers": CHECKSUM}
        return all(
            _allows(allowed.get(f"Access-Control-Allow-{name}", ""), wanted)
            for name, wanted in needed.items()
        )

    def _begun(self, key: str, begun: str) -> dict[str, str]:
        return {**self._address.where(key), "UploadId": begun}

    def _list(self, key: str, begun: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("list_parts")
        with s3_errors():
            return [
                part
                for page in pages.paginate(**self._begun(key, begun))
                for part in page.get("Parts", ())
            ]

    def _under_way(self, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
        pages = self._client.get_paginator("list_multipart_uploads")
        with s3_errors():
            for page in pages.paginate(Bucket=self._address.bucket, Prefix=prefix):
                for begun in page.get("Uploads", ()):
                    yield begun["Key"], begun

    def _abort(self, key: str, begun: str) -> None:
        with s3_errors():
            try:
                self._client.abort_multipart_upload(**self._begun(key, begun))
            except ClientError as error:
                if not is_absent(error):
                    raise

    def _copy_slices(
        self, source: dict[str, str], upload: dict[str, str], size: int
    ) -> Iterator[dict[str, Any]]:
        for number, start in enumerate(range(0, size, SLICE), start=1):
            # Servers copy no part of an object that is smaller than one.
            part = {"CopySourceRange": f"bytes={start}-{min(start + SLICE, size) - 1}"}
            copied = self._client.upload_part_copy(
                **upload, **(part if size > SLICE else {}), PartNumber=number, CopySource=source
            )
            yield {"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]}


def _allows(told: str, wanted: str) -> bool:
    """Tell whether a header of an answer to a browser's question names something, or all."""
    names = {name.strip().lower() for name in told.split(",")}
    return "*" in names or wanted.lower() in names


def _in_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
