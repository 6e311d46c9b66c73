"""What can be read page by page in the viewer: a PDF, or the PDF made of an Office file."""

from pathlib import PurePath
from urllib.parse import urlsplit

from flask import request, url_for

from contentlib.extraction.kinds import KINDS
from contentlib.extraction.result import CRASHED, TOO_MUCH_MEMORY, TOO_SLOW
from contentlib.library.files import sending
from contentlib.library.files.keys import converted_key
from contentlib.library.models import AssetVersion, Blob, ExtractionState
from contentlib.storage import Presented

PDF = KINDS["pdf"].content_type
STOPPED = {TOO_SLOW, TOO_MUCH_MEMORY, CRASHED}
# What is marked in a file is what somebody would type, not a text.
MOST_WORDS = 200


def is_readable(media_type: str | None, pdf_size: int | None) -> bool:
    """Tell whether there is a PDF of a file, by what its row says."""
    return media_type == PDF or pdf_size is not None


def is_read(blob: Blob) -> bool:
    """Tell whether the viewer opens a file."""
    readable = is_readable(blob.media_type, blob.pdf_size)
    return readable and was_withstood(blob) and not blob.is_withheld


def was_withstood(blob: Blob) -> bool:
    """Tell whether a file was looked at in the sandbox and did not have to be stopped there.

    What takes more memory or time than is allowed would take it from whoever opens the viewer.
    """
    if blob.preview_count:
        return True
    return blob.extraction is not ExtractionState.PENDING and blob.extraction_detail not in STOPPED


def pdf_of(version: AssetVersion) -> sending.Bytes | None:
    """Say how the PDF of a version is sent: to be saved by whoever opens its address by hand."""
    blob = version.blob
    if blob is None or not is_read(blob):
        return None
    if blob.pdf_size is None:
        return sending.of_version(version, "attachment")
    name = f"{PurePath(version.file_name or '').stem}.pdf"
    shown = Presented(PDF, sending.disposition("attachment", name), sending.ASKS_AGAIN)
    etag = f"{blob.sha256}-pdf-{blob.pdf_size}"
    return sending.Bytes(converted_key(blob.sha256), blob.pdf_size, etag, shown)


def words_to_find() -> str:
    """Return the words that the address asks to be marked."""
    return request.args.get("find", "")[:MOST_WORDS].strip()


def came_from(*endpoints: str, asset_id: int) -> bool:
    """Tell whether somebody comes from another page of the same material.

    Then it has been opened already; going between its page and the viewer opens it no second time.
    """
    before = urlsplit(request.referrer or "")
    pages = {url_for(endpoint, asset_id=asset_id) for endpoint in endpoints}
    return before.netloc == request.host and before.path in pages
