"""DOCX: paragraphs, tables, text boxes, notes, headers and footers, split where pages end."""

from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document as Word

from contentlib.extraction.document import Document
from contentlib.extraction.readers.ooxml import Element, local_name, parse, walk

_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "tc": "\t", "p": "\n"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


def read(path: Path) -> Document:
    """Read a text document; comments, which are for its authors, are left out."""
    word = docx.Document(str(path))
    title = word.core_properties.title.strip()
    return Document(_pages(word), meta={"title": title} if title else {})


def _pages(word: Word) -> Iterator[str]:
    """Split at breaks the author set and at those the writing program last computed."""
    notes = _notes(word)
    text, pending, below = "\n".join(_margins(word)), "", ""
    for element in walk(word.element.body):
        if _ends_page(element):
            if pending.strip():
                yield f"{text}\n{pending}{below}".strip()
                text, pending, below = "", "", ""
        elif local_name(element) in _NOTES:
            name = _NOTES[local_name(element)]
            below += "\n" + notes.pop((name, element.get(f"{_NAMESPACE}id")), "")
        else:
            pending += _spoken(element)
    yield f"{text}\n{pending}{below}".strip()


def _ends_page(element: Element) -> bool:
    name = local_name(element)
    return name == "lastRenderedPageBreak" or (
        name == "br" and element.get(f"{_NAMESPACE}type") == "page"
    )


def _spoken(element: Element) -> str:
    """Return what one element adds to the text; words that were deleted have another name."""
    name = local_name(element)
    return element.text or "" if name == "t" else _SPACES.get(name, "")


def _words(root: Element) -> str:
    lines = "".join(_spoken(element) for element in walk(root)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _notes(word: Word) -> dict[tuple[str, str | None], str]:
    """Return footnotes and endnotes by their numbers; each goes to the page that refers to it."""
    found = {}
    for relation in word.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        for note in parse(relation.target_part.blob):
            if local_name(note) in _NOTES.values():
                found[local_name(note), note.get(f"{_NAMESPACE}id")] = _words(note)
    return found


def _margins(word: Word) -> list[str]:
    """Return the different texts of the headers and footers in use, each once."""
    texts: dict[str, None] = {}
    for section in word.sections:
        margins = [section.header, section.footer]
        if section.different_first_page_header_footer:
            margins += [section.first_page_header, section.first_page_footer]
        if word.settings.odd_and_even_pages_header_footer:
            margins += [section.even_page_header, section.even_page_footer]
        for margin in margins:
            if not margin.is_linked_to_previous:
                texts[_words(margin.part.element)] = None
    return [text for text in texts if text]
