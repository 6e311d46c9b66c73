"""MP4: how long a video is and how large, from its headers; not a frame is decoded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from contentlib.extraction.document import Document, Unreadable
from contentlib.extraction.readers.video import described
from contentlib.extraction.result import UNREADABLE, State

MOST_BOXES = 5_000
_CONTAINERS = (b"moov", b"trak")
_LONGEST_HEADER = 120


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    content: bytes


def read(path: Path) -> Document:
    """Look at a video's headers; one that ends before its boxes do is damaged."""
    width = height = 0
    seconds = 0.0
    with path.open("rb") as stream:
        for box in _boxes(stream, 0, path.stat().st_size, count(1)):
            if box.kind == b"mvhd":
                seconds = _duration(box.content)
            elif box.kind == b"tkhd":
                # A sound track is of no size; of several pictures the largest is the film.
                width, height = max((width, height), _size(box.content), key=lambda size: size[0])
    return described(width, height, seconds)


def _boxes(stream: BinaryIO, start: int, end: int, visited: Iterator[int]) -> Iterator[_Box]:
    """Go through boxes and into those that hold others."""
    while start + 8 <= end and next(visited) <= MOST_BOXES:
        stream.seek(start)
        head = stream.read(16)
        size, kind, inside = int.from_bytes(head[:4]), head[4:8], start + 8
        if size == 1:
            size, inside = int.from_bytes(head[8:16]), start + 16
        elif size == 0:
            size = end - start
        if start + size > end or start + size < inside:
            raise Unreadable(State.FAILED, UNREADABLE)
        if kind in _CONTAINERS:
            yield from _boxes(stream, inside, start + size, visited)
        elif kind in (b"mvhd", b"tkhd"):
            stream.seek(inside)
            yield _Box(kind, stream.read(min(_LONGEST_HEADER, start + size - inside)))
        start += size


def _duration(header: bytes) -> float:
    """Return the seconds of a film, whose header has longer numbers in its newer version."""
    times = header[20:32] if header[:1] == b"\1" else header[12:20]
    scale, length = int.from_bytes(times[:4]), int.from_bytes(times[4:])
    unknown = (1 << 8 * len(times[4:])) - 1
    return length / scale if scale and length != unknown else 0.0


def _size(header: bytes) -> tuple[int, int]:
    """Return a track's size as it is shown: a telephone held upright notes a turn."""
    matrix = header[52:88] if header[:1] == b"\1" else header[40:76]
    after = header[88:96] if header[:1] == b"\1" else header[76:84]
    width, height = int.from_bytes(after[:2]), int.from_bytes(after[4:6])
    is_turned = matrix[:4] == bytes(4) and any(matrix[4:8])
    return (height, width) if is_turned else (width, height)
