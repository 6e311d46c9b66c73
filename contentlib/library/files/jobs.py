"""Work on files after they arrived: reading their words, painting their pages."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import delete

from contentlib import extraction, jobs
from contentlib.core.db import db
from contentlib.extraction import (
    MOST_SCANS,
    Extraction,
    Kind,
    Rendering,
    State,
    render_converted,
    render_first_page,
    render_pages,
)
from contentlib.extraction.result import READING_SCANS
from contentlib.jobs.registry import Apply, Payload
from contentlib.library import indexing
from contentlib.library.care.withheld import readable_blob
from contentlib.library.files.facts import facts_of
from contentlib.library.files.keys import converted_key, preview_key
from contentlib.library.files.page_end_jobs import ask_for_page_ends
from contentlib.library.files.scan_jobs import ask_for_scans
from contentlib.library.models import Blob, BlobPage, ExtractionState
from contentlib.library.uploads.prefilling import prefill_drafts
from contentlib.library.uploads.service import kind_of
from contentlib.storage import ObjectDamaged, ObjectMissing, as_file, object_key
from contentlib.storage.current import current_storage

Painter = Callable[[Path, Kind, Path], Rendering]
log = structlog.get_logger("contentlib.library")


@jobs.handler("library.extract", attempts=3)
def extract_words(payloads: Sequence[Payload]) -> Apply | None:
    """Read a file's words in the sandbox and keep them with its hash."""
    sha256 = str(payloads[0]["sha256"])
    blob = readable_blob(sha256)
    if blob is None:
        return None
    kind = kind_of(blob)
    try:
        with as_file(current_storage(), object_key(sha256)) as path:
            found = extraction.with_scans(extraction.extract(path, kind))
    except (ObjectMissing, ObjectDamaged) as error:
        found = Extraction(State.FAILED, error.message)
    log.info("words read", sha256=sha256[:12], state=found.state, cause=found.meta.get("cause"))
    return lambda: _keep_words(sha256, found)


def _keep_words(sha256: str, found: Extraction) -> None:
    blob = readable_blob(sha256)
    if blob is None:
        # It was locked away or removed while it was being read.
        return
    blob.extraction = ExtractionState(found.state.value)
    blob.extraction_detail = found.detail or None
    blob.facts = facts_of(found.meta)
    blob.page_count = found.page_count or blob.page_count
    db.session.execute(delete(BlobPage).where(BlobPage.sha256 == sha256))
    db.session.expire(blob, ["pages"])
    db.session.add_all(
        BlobPage(sha256=sha256, number=page.number, text=page.text)
        for page in found.pages
        if page.text
    )
    db.session.flush()
    prefill_drafts(sha256, found)
    indexing.blob_changed(sha256)
    ask_for_page_ends(blob)
    if found.scanned:
        blob.extraction, blob.extraction_detail = ExtractionState.PENDING, READING_SCANS
        pages, missed = found.scanned[:MOST_SCANS], len(found.scanned[MOST_SCANS:])
        ask_for_scans(sha256, pages, missed=missed)


@jobs.handler("library.preview", attempts=3, rank=2)
def paint_first_page(payloads: Sequence[Payload]) -> Apply | None:
    """Paint a file's first page in the sandbox, and ask for the others where there are any."""
    sha256 = str(payloads[0]["sha256"])
    blob = readable_blob(sha256)
    if blob is None:
        return None
    with tempfile.TemporaryDirectory(prefix="contentlib-pages-") as folder:
        painted = _paint(object_key(sha256), kind_of(blob), Path(folder), _local(render_first_page))
        _keep_pictures(sha256, painted)
        pdf_size = _keep_pdf(sha256, painted)
    log.info("first page painted", sha256=sha256[:12], state=painted.state)
    if painted.state is State.DONE and painted.page_count != 1:
        return lambda: _ask_for_the_rest(sha256, painted, pdf_size)
    return lambda: _keep_count(sha256, painted, pdf_size)


def _ask_for_the_rest(sha256: str, painted: Rendering, pdf_size: int | None) -> None:
    """Show the first page at once; the work as a whole is still going on."""
    blob = readable_blob(sha256)
    if blob is None:
        return
    _note_pdf(blob, pdf_size)
    blob.preview_count = max(blob.preview_count, len(painted.images))
    blob.page_count = blob.page_count or painted.page_count or None
    jobs.enqueue("library.pages", sha256, {"sha256": sha256})


@jobs.handler("library.pages", attempts=3, rank=3)
def paint_all_pages(payloads: Sequence[Payload]) -> Apply | None:
    """Paint all of a file's pages; those of an Office file from the PDF that it became."""
    sha256 = str(payloads[0]["sha256"])
    blob = readable_blob(sha256)
    if blob is None:
        return None
    kind, converted = kind_of(blob), converted_key(sha256)
    is_converted = current_storage().stat(converted) is not None
    with tempfile.TemporaryDirectory(prefix="contentlib-pages-") as folder:
        painted = (
            _paint(converted, kind, Path(folder), render_converted)
            if is_converted
            else _paint(object_key(sha256), kind, Path(folder), _local(render_pages))
        )
        _keep_pictures(sha256, painted)
        pdf_size = _keep_pdf(sha256, painted)
    pages = len(painted.images)
    log.info("pages painted", sha256=sha256[:12], state=painted.state, pages=pages)
    return lambda: _keep_count(sha256, painted, pdf_size)


def _local(paint: Callable[..., Rendering]) -> Painter:
    """Have numbers and days written as people here do, where a file leaves that to its reader."""
    return partial(paint, locale=LOCALES[current_app.extensions["settings"].default_language])


LOCALES = {"pt": "pt-BR", "en": "en-US"}


def _paint(key: str, kind: Kind, folder: Path, paint: Painter) -> Rendering:
    try:
        with as_file(current_storage(), key) as path:
            return paint(path, kind, folder)
    except (ObjectMissing, ObjectDamaged) as error:
        return Rendering(State.FAILED, error.message)


def _keep_pictures(sha256: str, painted: Rendering) -> None:
    for image in painted.images:
        current_storage().put(preview_key(sha256, image.number), image.path)
        for width, path in image.smaller.items():
            current_storage().put(preview_key(sha256, image.number, width), path)


def _keep_pdf(sha256: str, painted: Rendering) -> int | None:
    """Keep the PDF that an Office file became, if it did just now; return its size."""
    if painted.pdf is None:
        return None
    return current_storage().put(converted_key(sha256), painted.pdf).size


def _keep_count(sha256: str, painted: Rendering, pdf_size: int | None) -> None:
    blob = readable_blob(sha256)
    if blob is None:
        return
    _note_pdf(blob, pdf_size)
    blob.preview_state = ExtractionState(painted.state.value)
    blob.preview_count = max((image.number for image in painted.images), default=0)
    blob.page_count = blob.page_count or painted.page_count or None


def _note_pdf(blob: Blob, pdf_size: int | None) -> None:
    """Write down that there is a PDF of an Office file now; the words follow its pages."""
    if pdf_size is not None:
        blob.pdf_size = pdf_size
        ask_for_page_ends(blob)
