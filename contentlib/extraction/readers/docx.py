"""DOCX: paragraphs, tables, text boxes, headers and footers, split where pages are known to end."""

from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document as Word

from contentlib.extraction.document import Document
from contentlib.extraction.readers.ooxml import Element, local_name, walk

_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "tc": "\t", "p": "\n"}


def read(path: Path) -> Document:
    """Read a text document."""
    word = docx.Document(str(path))
    title = word.core_properties.title.strip()
    return Document(_pages(word), meta={"title": title} if title else {})


def _pages(word: Word) -> Iterator[str]:
    """Split at breaks the author set and at those the writing program last computed."""
    margins = "\n".join(_margins(word))
    text, pending = margins, ""
    for element in walk(word.element.body):
        if _ends_page(element):
            if pending.strip():
                yield f"{text}\n{pending}".strip()
                text, pending = "", ""
        elif local_name(element) == "t":
            pending += element.text or ""
        else:
            pending += _SPACES.get(local_name(element), "")
    yield f"{text}\n{pending}".strip()


def _ends_page(element: Element) -> bool:
    name = local_name(element)
    return name == "lastRenderedPageBreak" or (
        name == "br" and element.get(f"{_NAMESPACE}type") == "page"
    )


def _margins(word: Word) -> list[str]:
    """Return the different texts of headers and footers, each once."""
    texts: dict[str, None] = {}
    for section in word.sections:
        for margin in (section.header, section.footer, section.first_page_header):
            if not margin.is_linked_to_previous:
                lines = (paragraph.text.strip() for paragraph in margin.paragraphs)
                texts["\n".join(line for line in lines if line)] = None
    return [text for text in texts if text]
