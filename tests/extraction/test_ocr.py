"""Pages that are pictures: which they are, and what is read on them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contentlib.extraction import (
    KINDS,
    Extraction,
    Limits,
    State,
    extract,
    ocr_program,
    read_scans,
    with_scans,
)
from contentlib.extraction.result import LOCKED, NO_OCR, TOO_SLOW
from tests.extraction import files


def found_in(path: Path) -> Extraction:
    return extract(path, KINDS["pdf"])


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", "/nowhere")
    ocr_program.cache_clear()
    yield
    ocr_program.cache_clear()


def test_only_pages_that_show_something_without_words_are_scans(tmp_path: Path):
    assert found_in(files.scan(tmp_path / "a.pdf", "um", "dois")).scanned == (1, 2)
    assert found_in(files.pdf(tmp_path / "b.pdf", "texto", "")).scanned == ()


def test_without_tesseract_a_scan_says_what_it_lacks(tmp_path: Path, no_tesseract: None):
    told = with_scans(found_in(files.scan(tmp_path / "a.pdf", "um")))
    assert (told.state, told.detail, told.scanned) == (State.UNSUPPORTED, NO_OCR, ())
    assert told.state.retryable


def test_a_file_that_was_not_read_to_its_end_is_left_as_it_is():
    cut = Extraction(State.TRUNCATED, TOO_SLOW, scanned=(1,))
    assert with_scans(cut) == Extraction(State.TRUNCATED, TOO_SLOW)


@pytest.mark.real_part("tesseract")
def test_a_scan_is_read_with_its_portuguese_letters(tmp_path: Path):
    words = ("Proposta de implantação", "Preço: três parcelas\nNão há multa")
    found = found_in(files.scan(tmp_path / "a.pdf", *words))
    assert (found.state, with_scans(found).scanned) == (State.EMPTY, (1, 2))
    read = read_scans(tmp_path / "a.pdf", (2, 1, 7))
    assert read.state is State.DONE
    assert [(page.number, page.text) for page in read.pages] == [(2, words[1]), (1, words[0])]


@pytest.mark.real_part("tesseract")
def test_what_only_looks_like_letters_is_no_words(tmp_path: Path):
    (page,) = read_scans(files.scan(tmp_path / "a.pdf", "|| ~ -"), (1,)).pages
    assert page.text == ""


@pytest.mark.real_part("tesseract")
def test_scans_end_at_their_time_limit_and_keep_what_was_read(tmp_path: Path):
    path = files.scan(tmp_path / "a.pdf", *["Proposta de implantação"] * 60)
    started = time.monotonic()
    read = read_scans(path, range(1, 61), limits=Limits(cpu=60, wall=6))
    assert time.monotonic() - started < 30
    assert (read.state, read.detail) == (State.TRUNCATED, TOO_SLOW)
    assert 0 < len(read.pages) < 60


@pytest.mark.real_part("tesseract")
def test_a_scan_that_is_hostile_ends_in_a_state(tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert read_scans(tmp_path / "a.pdf", (1,)).state is State.FAILED
    locked = files.pdf(tmp_path / "b.pdf", "segredo", password="abre-te")
    told = read_scans(locked, (1,))
    assert (told.state, told.detail) == (State.PASSWORD, LOCKED)
    bomb = read_scans(files.pdf_bomb(tmp_path / "c.pdf"), (1,), limits=Limits(cpu=5, wall=20))
    assert bomb.state in (State.FAILED, State.DONE)
    assert not any(page.text for page in bomb.pages)
