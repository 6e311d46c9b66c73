"""OpenDocument: slides, sheets and text out of `content.xml`."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from contentlib.extraction.document import Document, Unreadable
from contentlib.extraction.readers.ooxml import Element, local_name, parse, walk
from contentlib.extraction.result import LOCKED, State

_PAGES = ("{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}page",)
_SHEETS = ("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table",)
_ENDS = ("p", "h", "table-row", "line-break")
_GAPS = {"tab": "\t", "s": " ", "table-cell": "\t"}


def read(path: Path) -> Document:
    """Read an OpenDocument file of any of the three kinds."""
    with zipfile.ZipFile(path) as archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Unreadable(State.PASSWORD, LOCKED)
        root = parse(archive.read("content.xml"))
    parts = _parts(root)
    return Document((_text(part) for part in parts), page_count=len(parts))


def _parts(root: Element) -> list[Element]:
    body = next(element for element in walk(root) if local_name(element) == "body")
    content = body[0]
    if local_name(content) == "presentation":
        return [child for child in content if child.tag in _PAGES]
    if local_name(content) == "spreadsheet":
        return [child for child in content if child.tag in _SHEETS]
    return [content]


def _text(part: Element) -> str:
    return "".join(_pieces(part)).strip()


def _pieces(element: Element) -> Iterator[str]:
    name = local_name(element)
    yield _GAPS.get(name, "")
    yield element.text or "" if name else ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if name in _ENDS:
        yield "\n"
