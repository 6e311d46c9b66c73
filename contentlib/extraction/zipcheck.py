"""A ZIP file's own table of contents, checked before any library opens the file."""

import zipfile
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO

from contentlib.extraction.errors import BOMB, DAMAGED, UnacceptableFile

_MB = 1_000_000
MAX_DIRECTORY = 8 * _MB
MAX_ENTRIES = 20_000
MAX_ENTRY = 100 * _MB
MAX_UNPACKED = 500 * _MB
MAX_RATIO = 200
# Below this size a high ratio harms nobody: an empty sheet of zeros packs very well.
RATIO_MATTERS_FROM = 1 * _MB

_END_OF_DIRECTORY = b"PK\x05\x06"
_END_SEARCH = 65_557


def check_zip(path: Path) -> list[zipfile.ZipInfo]:
    """Return the entries of a ZIP file, or refuse it when unpacking could hurt.

    The sizes are the ones the file claims; the readers run under hard limits because a claim
    may be a lie.
    """
    with path.open("rb") as stream:
        check_end(stream)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnacceptableFile(DAMAGED) from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnacceptableFile(BOMB)
    if any(_suspicious(entry) for entry in entries) or _overlapping(entries):
        raise UnacceptableFile(BOMB)
    return entries


def _suspicious(entry: zipfile.ZipInfo) -> bool:
    if entry.file_size > MAX_ENTRY:
        return True
    ratio = entry.file_size / max(entry.compress_size, 1)
    return entry.file_size > RATIO_MATTERS_FROM and ratio > MAX_RATIO


def _overlapping(entries: list[zipfile.ZipInfo]) -> bool:
    """Entries that share their packed bytes multiply a small file without a high ratio each."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + entry.compress_size
    return False


def check_end(stream: BinaryIO) -> None:
    """Look at the directory's length first: reading a huge one would already fill the memory."""
    size = stream.seek(0, SEEK_END)
    stream.seek(max(0, size - _END_SEARCH))
    tail = stream.read(_END_SEARCH)
    at = tail.rfind(_END_OF_DIRECTORY)
    if at < 0:
        raise UnacceptableFile(DAMAGED)
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise UnacceptableFile(BOMB)
