"""Words of a text document numbered by the pages that people see of it.

What was read out of the file ends pages where the program that wrote it did, or nowhere; what is
shown was laid out here. A passage found on page 3 has to stand on the third picture.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy import delete, select

from contentlib import extraction, jobs
from contentlib.core.db import db
from contentlib.extraction import KINDS, State
from contentlib.jobs.registry import Apply, Payload
from contentlib.library import indexing
from contentlib.library.care.withheld import readable_blob
from contentlib.library.files.keys import converted_key
from contentlib.library.models import Blob, BlobPage
from contentlib.library.uploads.service import kind_of
from contentlib.storage import ObjectDamaged, ObjectMissing, as_file
from contentlib.storage.current import current_storage

log = structlog.get_logger("contentlib.library")


def ask_for_page_ends(blob: Blob) -> None:
    """Have words and pictures numbered alike; asked by whichever of them is ready last."""
    kind = kind_of(blob)
    if kind.family == "office" and kind.page_label == "page":
        jobs.enqueue("library.page_ends", blob.sha256, {"sha256": blob.sha256})


@jobs.handler("library.page_ends", attempts=3, rank=4)
def find_page_ends(payloads: Sequence[Payload]) -> Apply | None:
    """Cut the words anew where the pages of the pictures end, once both are there."""
    sha256 = str(payloads[0]["sha256"])
    read = _pages_of(sha256)
    if readable_blob(sha256) is None or not read:
        return None
    try:
        with as_file(current_storage(), converted_key(sha256)) as pdf:
            shown = extraction.extract(pdf, KINDS["pdf"])
    except (ObjectMissing, ObjectDamaged):
        return None  # It is not laid out yet, or cannot be here; the painter asks again.
    if shown.state is not State.DONE:
        return None
    pages = [""] * shown.page_count
    for page in shown.pages:
        pages[page.number - 1] = page.text
    cut = extraction.repaginate(read, pages)
    log.info("pages numbered", sha256=sha256[:12], read=len(read), shown=len(pages))
    return None if cut == read else lambda: _keep(sha256, read, cut)


def _pages_of(sha256: str) -> list[str]:
    """Return the texts in the order of their pages, those without words among them."""
    rows = db.session.execute(
        select(BlobPage.number, BlobPage.text).where(BlobPage.sha256 == sha256)
    )
    texts = {row.number: row.text for row in rows}
    return [texts.get(number, "") for number in range(1, max(texts, default=0) + 1)]


def _keep(sha256: str, read: Sequence[str], cut: Sequence[str]) -> None:
    if _pages_of(sha256) != read:
        return  # It was read again meanwhile, and whoever did that has asked for this again.
    blob = readable_blob(sha256)
    if blob is None:
        return
    db.session.execute(delete(BlobPage).where(BlobPage.sha256 == sha256))
    db.session.expire(blob, ["pages"])
    db.session.add_all(
        BlobPage(sha256=sha256, number=number, text=text)
        for number, text in enumerate(cut, 1)
        if text
    )
    blob.page_count = len(cut)
    db.session.flush()
    indexing.blob_changed(sha256)
