"""Turns a content source into the file a customer would get: `make_file(source)`."""

from collections.abc import Callable
from dataclasses import dataclass

from contentlib.demo.files.pages import html, md, txt
from contentlib.demo.files.pdf import pdf
from contentlib.demo.files.pictures import png, scan
from contentlib.demo.files.sheet import xlsx
from contentlib.demo.files.slides import pptx
from contentlib.demo.files.word import docx
from contentlib.demo.sources import Source

MAKERS: dict[str, tuple[str, Callable[[Source], bytes]]] = {
    "pdf": ("pdf", pdf),
    "scan": ("pdf", scan),
    "pptx": ("pptx", pptx),
    "docx": ("docx", docx),
    "xlsx": ("xlsx", xlsx),
    "png": ("png", png),
    "html": ("html", html),
    "md": ("md", md),
    "txt": ("txt", txt),
}


@dataclass(frozen=True)
class MadeFile:
    """A file as it would be uploaded."""

    name: str
    data: bytes


def make_file(source: Source) -> MadeFile:
    """Make the file of a source; the same source always gives the same bytes."""
    ending, maker = MAKERS[source.format]
    return MadeFile(source.file_name or f"{source.external_id}.{ending}", maker(source))
