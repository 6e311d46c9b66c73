"""Scanned pages: read after everything else, a few at a time, and found by page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.extraction import PORTION, Extraction, PageText, State, read_scans
from contentlib.extraction.result import NO_WORDS_BY_OCR, READ_BY_OCR, SCANS_MISSED
from contentlib.jobs.models import Job
from contentlib.jobs.registry import handler_of
from contentlib.library.files import scan_jobs
from contentlib.library.models import Asset, Blob, ExtractionState
from contentlib.storage import object_key
from contentlib.storage.current import current_storage
from tests.extraction import files
from tests.library.test_jobs import blob_of, pdf, upload, work


def asked(sha256: str) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(Job).where(Job.kind == "library.scans", Job.key == sha256).order_by(Job.id)
    )
    return [row.payload for row in rows]


def read_next(sha256: str) -> None:
    handler = handler_of("library.scans")
    assert handler is not None
    apply = handler.work([asked(sha256)[-1]])
    assert apply is not None
    apply()
    db.session.commit()


@pytest.fixture
def blob(app: Flask, marketer: User) -> Blob:
    return blob_of(upload(pdf("Um caso"), "caso.pdf", marketer))


def scanner(monkeypatch: pytest.MonkeyPatch, reads: Callable[[int], str | None]) -> None:
    """Put another reader in place of Tesseract; a page without an answer was not read."""

    def read(_path: Path, pages: list[int]) -> Extraction:
        texts = ((number, reads(number)) for number in pages)
        found = tuple(PageText(n, "page", text) for n, text in texts if text is not None)
        return Extraction(State.DONE, pages=found)

    monkeypatch.setattr(scan_jobs.extraction, "read_scans", read)


def test_many_scans_are_read_in_portions(blob: Blob, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner(monkeypatch, lambda number: f"Folha {number}")
    pages = list(range(1, PORTION + 3))
    scan_jobs.ask_for_scans(blob.sha256, pages)
    db.session.flush()
    read_next(blob.sha256)
    assert [page.number for page in blob.pages] == pages[:PORTION]
    assert blob.extraction is ExtractionState.PENDING
    assert asked(blob.sha256)[-1]["pages"] == pages[PORTION:]
    read_next(blob.sha256)
    assert (blob.extraction, blob.extraction_detail) == (ExtractionState.DONE, READ_BY_OCR)
    assert blob.pages[-1].text == f"Folha {pages[-1]}"
    assert len(asked(blob.sha256)) == 2


@pytest.mark.parametrize(
    ("reads", "outcome"),
    [
        (lambda number: "Folha" if number == 1 else None, ("truncated", SCANS_MISSED)),
        (lambda number: "", ("empty", NO_WORDS_BY_OCR)),
    ],
    ids=["some were not read", "there is nothing on them"],
)
def test_what_became_of_scans_is_told(
    blob: Blob,
    monkeypatch: pytest.MonkeyPatch,
    reads: Callable[[int], str | None],
    outcome: tuple[str, str],
) -> None:
    scanner(monkeypatch, reads)
    scan_jobs.ask_for_scans(blob.sha256, [1, 2])
    db.session.flush()
    read_next(blob.sha256)
    assert (blob.extraction.value, blob.extraction_detail) == outcome


def test_a_reader_that_is_not_there_any_more_is_told(
    blob: Blob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contentlib.extraction.ocr.ocr_program", lambda: None)
    assert scan_jobs.extraction.read_scans is read_scans
    scan_jobs.ask_for_scans(blob.sha256, [1])
    db.session.flush()
    read_next(blob.sha256)
    assert blob.extraction_detail == SCANS_MISSED


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_scans_of_bytes_that_are_not_what_was_sent_are_told(blob: Blob, harm: str) -> None:
    storage, key = current_storage(), object_key(blob.sha256)
    storage.delete(key)
    if harm == "changed":
        changed = storage.staging / "changed"
        changed.write_bytes(b"%PDF-1.7 other bytes")
        storage.put(key, changed)
    scan_jobs.ask_for_scans(blob.sha256, [1])
    db.session.flush()
    read_next(blob.sha256)
    assert (blob.extraction.value, blob.extraction_detail) == ("truncated", SCANS_MISSED)


def test_scans_of_bytes_nobody_knows_are_done(app: Flask) -> None:
    handler = handler_of("library.scans")
    assert handler is not None
    assert handler.work([{"sha256": "0" * 64, "pages": [1], "missed": 0}]) is None


@pytest.mark.real_part("tesseract")
def test_a_scan_is_found_by_its_words_and_says_how_they_were_read(
    app: Flask, marketer: User, sign_in: Callable[[User], FlaskClient], tmp_path: Path
) -> None:
    content = files.scan(tmp_path / "a.pdf", "Preço: três parcelas").read_bytes()
    asset: Asset = upload(content, "digitalizado.pdf", marketer)
    blob = blob_of(asset)
    work("library.extract", blob.sha256)
    assert blob.extraction is ExtractionState.PENDING
    page = sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "OCR" in page
    read_next(blob.sha256)
    assert [page.text for page in blob.pages] == ["Preço: três parcelas"]
    assert (blob.extraction, blob.extraction_detail) == (ExtractionState.DONE, READ_BY_OCR)
