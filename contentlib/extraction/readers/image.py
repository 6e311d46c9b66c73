"""Pictures: their size; the words in them stay unread."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from contentlib.extraction.document import Document, Unreadable
from contentlib.extraction.result import PICTURE, TOO_LARGE_A_PICTURE, State

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_ORIENTATION, _TURNED = 0x0112, (5, 6, 7, 8)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture without unpacking it, or say that it would grow beyond measure."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            yield picture
    except Image.DecompressionBombError as error:
        raise Unreadable(State.FAILED, TOO_LARGE_A_PICTURE) from error


def read(path: Path) -> Document:
    """Look at a picture's header; its size is the one it is seen in, turned upright."""
    with opened(path) as picture:
        width, height = picture.size
        if picture.getexif().get(_ORIENTATION) in _TURNED:
            width, height = height, width
    return Document(
        iter(()), page_count=1, empty_detail=PICTURE, meta={"width": width, "height": height}
    )
