"""Pictures: their size; the words in them stay unread."""

from pathlib import Path

from PIL import Image

from contentlib.extraction.document import Document
from contentlib.extraction.result import PICTURE

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def read(path: Path) -> Document:
    """Look at a picture's header, without unpacking it."""
    with Image.open(path, formats=FORMATS) as picture:
        width, height = picture.size
    return Document(
        iter(()), page_count=1, empty_detail=PICTURE, meta={"width": width, "height": height}
    )
