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
    """Read a PDF."""
    pdf = open_pdf(path)
    title = pdf.get_metadata_value("Title").strip()
    return Document(_pages(pdf), page_count=len(pdf), meta={"title": title} if title else {})


def _pages(pdf: pypdfium2.PdfDocument) -> Iterator[str]:
    for index in range(len(pdf)):
        yield _text(pdf, index)


def _text(pdf: pypdfium2.PdfDocument, index: int) -> str:
    """Return a page's text; one broken page must not hide the others."""
    try:
        page = pdf[index]
        text = page.get_textpage().get_text_bounded()
        page.close()
    except pypdfium2.PdfiumError:
        return ""
    return _BROKEN_WORD.sub("", text)
