"""Reading a part of a file as if it were the whole, for byte-range requests."""

from io import RawIOBase
from typing import BinaryIO


class RangeReader(RawIOBase):
    """Reads `length` bytes of a stream from byte `start`, and closes the stream with itself."""

    def __init__(self, stream: BinaryIO, start: int, length: int | None) -> None:
        self._stream = stream
        self._left = length
        stream.seek(start)

    def readable(self) -> bool:
        """Say that this is for reading."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer, never past the end of the part."""
        wanted = len(buffer) if self._left is None else min(len(buffer), self._left)
        block = self._stream.read(wanted)
        buffer[: len(block)] = block
        if self._left is not None:
            self._left -= len(block)
        return len(block)

    def close(self) -> None:
        """Close the stream underneath too."""
        self._stream.close()
        super().close()
