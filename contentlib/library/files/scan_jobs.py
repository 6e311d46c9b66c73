"""Scanned pages read by OCR, a few at a time, after everything else was read."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from contentlib import extraction, jobs
from contentlib.core.db import db
from contentlib.extraction import PORTION, Extraction, PageText, State
from contentlib.extraction.result import NO_WORDS_BY_OCR, READ_BY_OCR, SCANS_MISSED
from contentlib.jobs.registry import Apply, Payload
from contentlib.library import indexing
from contentlib.library.care.withheld import readable_blob
from contentlib.library.models import BlobPage, ExtractionState
from contentlib.library.uploads.prefilling import prefill_drafts
from contentlib.storage import ObjectDamaged, ObjectMissing, as_file, object_key
from contentlib.storage.current import current_storage

log = structlog.get_logger("contentlib.library")


def ask_for_scans(sha256: str, pages: Sequence[int], *, missed: int = 0) -> None:
    """Have pages that are pictures read; until that is done the file counts as being read."""
    payload = {"sha256": sha256, "pages": list(pages), "missed": missed}
    jobs.enqueue("library.scans", sha256, payload)


@jobs.handler("library.scans", attempts=3, rank=4)
def read_scans(payloads: Sequence[Payload]) -> Apply | None:
    """Read the next few pages, keep their words by page, and ask for those after them."""
    payload = payloads[-1]
    sha256, pages = str(payload["sha256"]), list(payload["pages"])
    blob = readable_blob(sha256)
    if blob is None:
        return None
    portion, rest = pages[:PORTION], pages[PORTION:]
    try:
        with as_file(current_storage(), object_key(sha256)) as path:
            found = extraction.read_scans(path, portion)
    except (ObjectMissing, ObjectDamaged, LookupError) as error:
        found = Extraction(State.FAILED, meta={"cause": str(error)})
    missed = int(payload["missed"]) + len(portion) - len(found.pages)
    log.info(
        "scans read", sha256=sha256[:12], pages=len(found.pages), cause=found.meta.get("cause")
    )
    return lambda: _keep(sha256, found.pages, rest, missed)


def _keep(sha256: str, pages: Sequence[PageText], rest: Sequence[int], missed: int) -> None:
    blob = readable_blob(sha256)
    if blob is None:
        return
    for page in pages:
        if page.text:
            db.session.merge(BlobPage(sha256=sha256, number=page.number, text=page.text))
    db.session.flush()
    db.session.expire(blob, ["pages"])
    prefill_drafts(sha256, Extraction(State.DONE, pages=tuple(pages)))
    indexing.blob_changed(sha256)
    if rest:
        ask_for_scans(sha256, rest, missed=missed)
        return
    words = db.session.scalar(select(BlobPage.number).where(BlobPage.sha256 == sha256).limit(1))
    if missed:
        outcome = (ExtractionState.TRUNCATED, SCANS_MISSED)
    elif words is None:
        outcome = (ExtractionState.EMPTY, NO_WORDS_BY_OCR)
    else:
        outcome = (ExtractionState.DONE, READ_BY_OCR)
    blob.extraction, blob.extraction_detail = outcome
