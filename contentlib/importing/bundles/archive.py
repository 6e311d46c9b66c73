"""A ZIP file read one entry at a time, whoever made it: no name is trusted, no size believed."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO

from contentlib.core.errors import N_, Invalid
from contentlib.extraction.errors import BOMB, DAMAGED, UnacceptableFile
from contentlib.extraction.zipcheck import MAX_ENTRIES, MAX_RATIO, RATIO_MATTERS_FROM, check_end
from contentlib.importing.bundles import paths
from contentlib.importing.bundles.sources import Entry
from contentlib.storage.receive import Readable

# Other ways of packing may ask for gigabytes of memory by a few bytes.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_IS_UTF_8 = 0x800
_UNIX = 3
_UNICODE_PATH = 0x7075
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
    NotImplementedError,
)

LOCKED = N_("This file is locked by a password. Pack it again without one.")
LINK = N_("This is a link to another file, not a file.")
STRANGE_PACKING = N_(
    "This file is packed in a way that is not read here. Pack it as an ordinary ZIP."
)
TWICE = N_("The archive has two files of this name; only the first is taken. Rename this one.")
SHARED = N_("This file shares its bytes with another one of the archive, as no honest one does.")
NO_ARCHIVE = N_("This is no ZIP file, or it is damaged or did not arrive whole.")
TOO_MANY = N_("This archive has more than %(most)s files. Send it in parts.")
TOO_MUCH = N_("Unpacked, this archive is larger than %(most)s GB. Send it in parts.")


class Archive:
    """The files of a ZIP; `stream` must be one that can be sought in."""

    def __init__(self, stream: BinaryIO, *, most_bytes: int) -> None:
        self._most = most_bytes
        try:
            check_end(stream)
            self._zip = zipfile.ZipFile(stream)
        except UnacceptableFile as error:
            too_many = error.message == BOMB
            raise Invalid(TOO_MANY if too_many else NO_ARCHIVE, most=MAX_ENTRIES) from error
        except BROKEN as error:
            raise Invalid(NO_ARCHIVE) from error

    def entries(self) -> Iterator[Entry]:
        """Give every file of the archive, folders left out; what is wrong with one is said."""
        infos = self._zip.infolist()
        self._refuse_too_much(infos)
        shared, seen = _sharing(infos), set[str]()
        for number, info in enumerate(infos):
            path = paths.tidy(_name_of(info))
            if path.endswith("/"):
                continue
            problem = paths.what_is_wrong(path) or _problem_of(info)
            problem = problem or (SHARED if number in shared else None)
            problem = problem or (TWICE if path in seen else None)
            seen.add(path)
            yield Entry(path[: paths.LONGEST_PATH], info.file_size, str(number), problem)

    @contextmanager
    def open(self, place: str) -> Iterator[Readable]:
        """Lend one entry for reading; a lie about its size or bytes is found at its end."""
        info = self._zip.infolist()[int(place)]
        try:
            stream = self._zip.open(info)
        except BROKEN as error:
            raise UnacceptableFile(DAMAGED) from error
        with stream:
            yield _Checked(stream, info.file_size)

    def _refuse_too_much(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        if len(infos) > MAX_ENTRIES:
            raise Invalid(TOO_MANY, most=MAX_ENTRIES)
        if sum(info.file_size for info in infos) > self._most:
            raise Invalid(TOO_MUCH, most=max(self._most // 2**30, 1))


class _Checked:
    """The bytes of an entry; damaged ones, or another number than was said, are an error."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream, self._left = stream, size

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        try:
            block = self._stream.read(size)
        except BROKEN as error:
            raise UnacceptableFile(DAMAGED) from error
        self._left -= len(block)
        if self._left < 0 or (not block and self._left):
            raise UnacceptableFile(DAMAGED)
        return block


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return an entry's name; the library has read it as what MS-DOS wrote, unless it is told."""
    if info.flag_bits & _IS_UTF_8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    return _told_beside(info.extra, raw) or paths.decoded(raw)


def _told_beside(extra: bytes, raw: bytes) -> str | None:
    """Return the name in UTF-8 that some tools put beside the other, if it is that one's."""
    while len(extra) >= 4:
        kind, size = (int.from_bytes(extra[at : at + 2], "little") for at in (0, 2))
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return field[5:].decode("utf-8", "replace")
    return None


def _problem_of(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return LOCKED
    mode = stat.S_IFMT(info.external_attr >> 16)
    if info.create_system == _UNIX and mode not in (0, stat.S_IFREG):
        return LINK
    if info.compress_type not in _PACKED:
        return STRANGE_PACKING
    ratio = info.file_size / max(info.compress_size, 1)
    return BOMB if info.file_size > RATIO_MATTERS_FROM and ratio > MAX_RATIO else None


def _sharing(infos: Sequence[zipfile.ZipInfo]) -> set[int]:
    """Return the numbers of entries whose bytes begin before those of another one end."""
    end, shared = 0, set[int]()
    for number in sorted(range(len(infos)), key=lambda number: infos[number].header_offset):
        if infos[number].header_offset < end:
            shared.add(number)
        end = max(end, infos[number].header_offset + infos[number].compress_size)
    return shared
