"""Reading a part of a file as if it were the whole."""

import os
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from pathlib import Path
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


class FilePart(RawIOBase):
    """A part of a local file that can be read again from its beginning, as sending it may need."""

    def __init__(self, path: Path, start: int, length: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._start, self._length, self._place = start, length, 0

    def __len__(self) -> int:
        return self._length

    def readable(self) -> bool:
        """Say that this is for reading."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read again."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """Move within the part."""
        self._place = offset + {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: self._length}[whence]
        return self._place

    def tell(self) -> int:
        """Return where in the part the next byte is read."""
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or what is left of the part; straight from the file, uncopied."""
        left = max(self._length - self._place, 0)
        wanted = left if size < 0 else min(size, left)
        block = os.pread(self._file.fileno(), wanted, self._start + self._place)
        self._place += len(block)
        return block

    def close(self) -> None:
        """Close the file underneath too."""
        self._file.close()
        super().close()
