"""WebM: how long a video is and how large, from the elements before its first picture."""

import struct
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from contentlib.extraction.document import Document
from contentlib.extraction.readers.video import described

MOST_ELEMENTS = 5_000
_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_CONTAINERS = (_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO)
_CLUSTER = 0x1F43B675
_SCALE, _DURATION, _WIDTH, _HEIGHT = 0x2AD7B1, 0x4489, 0xB0, 0xBA
_VALUES = (_SCALE, _DURATION, _WIDTH, _HEIGHT)
_FLOATS = {4: ">f", 8: ">d"}


def read(path: Path) -> Document:
    """Look at a video's headers; one recorded live does not know its length."""
    values: dict[int, bytes] = {}
    with path.open("rb") as stream:
        for name, content in _elements(stream, 0, path.stat().st_size, count(1)):
            if name == _CLUSTER:
                break
            values.setdefault(name, content)
    duration = values.get(_DURATION, b"")
    length = struct.unpack(_FLOATS[len(duration)], duration)[0] if len(duration) in _FLOATS else 0
    scale = int.from_bytes(values.get(_SCALE, b"")) or 1_000_000
    width, height = (int.from_bytes(values.get(name, b"")) for name in (_WIDTH, _HEIGHT))
    return described(width, height, length * scale / 1e9)


def _elements(
    stream: BinaryIO, start: int, end: int, visited: Iterator[int]
) -> Iterator[tuple[int, bytes]]:
    """Go through elements and into those that hold what is looked for."""
    while start < end and next(visited) <= MOST_ELEMENTS:
        stream.seek(start)
        head = stream.read(12)
        name, name_length = _number(head, keep_mark=True)
        size, size_length = _number(head[name_length:])
        if not name_length or not size_length:
            return
        inside = start + name_length + size_length
        is_open = size == (1 << 7 * size_length) - 1
        start = end if is_open else min(inside + size, end)
        if name in _CONTAINERS:
            yield from _elements(stream, inside, start, visited)
        elif name == _CLUSTER or (name in _VALUES and size <= 8):
            stream.seek(inside)
            yield name, b"" if name == _CLUSTER else stream.read(size)


def _number(head: bytes, *, keep_mark: bool = False) -> tuple[int, int]:
    """Return a number whose first set bit tells how many bytes it has, and that; 0 for none."""
    if not head or not head[0]:
        return 0, 0
    length = 9 - head[0].bit_length()
    value = int.from_bytes(head[:length])
    return (value if keep_mark else value & ((1 << 7 * length) - 1)), min(length, len(head))
