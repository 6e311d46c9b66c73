"""OpenDocument: slides, sheets and pages of text, streamed out of `content.xml`."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from defusedxml.ElementTree import DefusedXMLParser

from contentlib.extraction.document import Document, Unreadable
from contentlib.extraction.readers.odfwords import Body, Margins, Title
from contentlib.extraction.readers.ooxml import numbers
from contentlib.extraction.result import LOCKED, State

_BLOCK = 64 * 1024
_MOST_MANIFEST = 4_000_000
_MOST_SMALL = 1_000_000


def read(path: Path) -> Document:
    """Read an OpenDocument file of any of the three kinds."""
    archive = zipfile.ZipFile(path)
    with archive.open("META-INF/manifest.xml") as manifest:
        if b"encryption-data" in manifest.read(_MOST_MANIFEST):
            raise Unreadable(State.PASSWORD, LOCKED)
    title = Title()
    _read_small(archive, "meta.xml", title)
    meta: dict[str, str | int | float] = {"title": title.text} if title.text else {}
    return Document(_pages(archive, meta), meta=meta)


def _pages(archive: zipfile.ZipFile, meta: dict[str, str | int | float]) -> Iterator[str]:
    """Give each page as soon as it ends; margins belong to the first page of a text."""
    margins = Margins()
    _read_small(archive, "styles.xml", margins)
    body = Body()
    first = margins.text
    for page in _stream(archive, "content.xml", body):
        yield f"{first}\n{page}".strip()
        first = ""
    if body.hidden:
        meta["hidden_slides"] = numbers(body.hidden)


def _stream(archive: zipfile.ZipFile, name: str, body: Body) -> Iterator[str]:
    with archive.open(name) as part:
        feed, close = _parser(body)
        while block := part.read(_BLOCK):
            feed(block)
            yield from body.take()
        close()
        yield from body.take()


def _read_small(archive: zipfile.ZipFile, name: str, target: Title | Margins) -> None:
    """Read a part that may be absent, and of which the beginning is enough."""
    if name not in archive.NameToInfo:
        return
    feed, _ = _parser(target)
    with archive.open(name) as part:
        feed(part.read(_MOST_SMALL))


def _parser(target: object) -> tuple[Callable[[bytes], None], Callable[[], object]]:
    """Parse without a tree, and refuse entities, which could multiply or fetch."""
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    return parser.feed, parser.close
