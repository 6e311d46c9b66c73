"""PDF: the text layer of each page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from contentlib.extraction.document import Document, Unreadable
from contentlib.extraction.result import LOCKED, State

# PDFium marks a word broken at the end of a line; the halves belong together.
_BROKEN_WORD = re.compile("[\x02\ufffe\u00ad]\r?\n?")
_PASSWORD = 4


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open a PDF, or say that it is locked."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise Unreadable(State.PASSWORD, LOCKED) from error
        raise


def read(path: Path) -> Document:
    """Read a PDF, and tell which pages show something but have no words."""
    pdf = open_pdf(path)
    title = pdf.get_metadata_value("Title").strip()
    meta: dict[str, str | int | float] = {"title": title} if title else {}
    return Document(_pages(pdf, meta), page_count=len(pdf), meta=meta)


def _pages(pdf: pypdfium2.PdfDocument, meta: dict[str, str | int | float]) -> Iterator[str]:
    pictures: list[str] = []
    for index in range(len(pdf)):
        text, shows = _text(pdf, index)
        if shows and not text.strip():
            pictures.append(str(index + 1))
            meta["scanned"] = " ".join(pictures)
        yield text


def _text(pdf: pypdfium2.PdfDocument, index: int) -> tuple[str, bool]:
    """Return a page's text and whether it shows anything; a broken one must not hide others."""
    try:
        page = pdf[index]
        text = page.get_textpage().get_text_bounded()
        shows = next(page.get_objects(max_depth=1), None) is not None
        page.close()
    except pypdfium2.PdfiumError:
        return "", False
    return _BROKEN_WORD.sub("", text), shows
