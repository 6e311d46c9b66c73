"""SVG: the words of its texts, titles and descriptions; scripts in it are not words."""

from pathlib import Path

from defusedxml import ElementTree

from contentlib.extraction.document import Document
from contentlib.extraction.result import PICTURE

_WORDS = ("text", "title", "desc")


def read(path: Path) -> Document:
    """Read a drawing; entities, which could multiply or fetch, are refused."""
    root = ElementTree.fromstring(path.read_bytes())
    lines = [
        " ".join("".join(element.itertext()).split())
        for element in root.iter()
        if element.tag.rpartition("}")[2] in _WORDS
    ]
    return Document(iter(["\n".join(lines)]), page_count=1, empty_detail=PICTURE)
