"""What is told of a video: facts about it, since there are no words in it."""

from contentlib.extraction.document import Document, Unreadable
from contentlib.extraction.result import UNREADABLE, VIDEO, State

_WIDEST = 65_535
_LONGEST = 1_000_000.0


def described(width: int, height: int, seconds: float) -> Document:
    """Return what the headers told, as far as it can be true; nothing at all is damage."""
    meta: dict[str, str | int | float] = {}
    if 0 < width <= _WIDEST and 0 < height <= _WIDEST:
        meta |= {"width": width, "height": height}
    if 0 < seconds <= _LONGEST:
        meta["seconds"] = round(seconds, 1)
    if not meta:
        raise Unreadable(State.FAILED, UNREADABLE)
    return Document(iter(()), empty_detail=VIDEO, meta=meta)
