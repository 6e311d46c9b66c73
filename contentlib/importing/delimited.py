"""Tables in delimited text of unknown make: what they are, and their rows one at a time.

Nothing here knows what a row means. A table may be read from any place between two rows, so that
a long one is taken in by portions, and no more of it is in memory than one row.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.core.lines import one_line

DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 200
# More than a cell of people's words ever holds; what is cut here becomes the error of one row.
LONGEST_LINE = 1024 * 1024
_BLOCK = 64 * 1024
_EXCEL_HINT = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_FOREIGN = {
    b"PK\x03\x04": N_("This is a spreadsheet file. Save the sheet as CSV and send that."),
    b"\xff\xfe": N_("This file is in UTF-16. Save it as CSV in UTF-8 and send that."),
    b"\xfe\xff": N_("This file is in UTF-16. Save it as CSV in UTF-8 and send that."),
    b"%PDF": N_("This is not a table in text form (CSV)."),
}


@dataclass(frozen=True)
class Place:
    """A place between two rows: bytes and lines before it."""

    byte: int = 0
    line: int = 0


@dataclass(frozen=True)
class Record:
    """One row: the line it begins on, its cells, what is wrong with its form, where it ends."""

    line: int
    cells: tuple[str, ...]
    problem: str | None
    end: Place


@dataclass(frozen=True)
class Table:
    """How a file is to be read: encoding, delimiter, its header and where the rows begin."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    body: Place


class _Lines(Iterator[str]):
    """The lines of a file as text, counting how far it has come."""

    def __init__(self, stream: BinaryIO, encoding: str, place: Place) -> None:
        self._raw = _raw_lines(stream)
        self._encoding = encoding
        self.byte, self.line = place.byte, place.line

    def __next__(self) -> str:
        size, raw = next(self._raw)
        if self.byte == 0:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        self.byte += size
        self.line += 1
        return raw.decode(self._encoding, "replace")

    @property
    def place(self) -> Place:
        return Place(self.byte, self.line)


def _raw_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its size in the file; what is longer than any real one is cut."""
    pending, dropped = b"", 0
    while block := stream.read(_BLOCK):
        *whole, pending = (pending + block).splitlines(keepends=True)
        for line in whole:
            yield len(line) + dropped, line
            dropped = 0
        if len(pending) > LONGEST_LINE:
            dropped += len(pending) - LONGEST_LINE
            pending = pending[:LONGEST_LINE]
    # The last block may have ended between the two characters of a line's end.
    for line in pending.splitlines(keepends=True):
        yield len(line) + dropped, line
        dropped = 0


def open_table(stream: BinaryIO) -> Table:
    """Find out how a file is written and read its header, or say why it is no table."""
    start = stream.read(4)
    for mark, sentence in _FOREIGN.items():
        if start.startswith(mark):
            raise Invalid(sentence)
    stream.seek(0)
    encoding = _encoding_of(stream)
    stream.seek(0)
    lines = _Lines(stream, encoding, Place())
    first = next((line for line in lines if line.strip()), "")
    hint = _EXCEL_HINT.fullmatch(first)
    if hint:
        first = next(lines, "")
    delimiter = hint[1] if hint else _delimiter_of(first)
    header = next(csv.reader([first], delimiter=delimiter), [])
    return Table(encoding, delimiter, _clean_header(header), lines.place)


def _encoding_of(stream: BinaryIO) -> str:
    """Tell UTF-8 from the one-byte encoding of older spreadsheets, by all lines of the file."""
    modern = old = 0
    for _size, line in _raw_lines(stream):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            modern += 1
        except UnicodeDecodeError:
            old += 1
    return "cp1252" if old > modern else "utf-8"


def _delimiter_of(line: str) -> str:
    def cells(delimiter: str) -> int:
        return len(next(csv.reader([line], delimiter=delimiter), []))

    return max(DELIMITERS, key=cells)


def _clean_header(cells: list[str]) -> tuple[str, ...]:
    names = [one_line(cell)[:120] for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise Invalid(N_("This file is empty: its first line must name the columns."))
    if len(names) > MOST_COLUMNS:
        raise Invalid(
            N_("This file has %(count)s columns; at most %(most)s can be read."),
            count=len(names),
            most=MOST_COLUMNS,
        )
    seen: set[str] = set()
    for name in filter(None, names):
        if fold(name) in seen:
            raise Invalid(N_("The column “%(name)s” stands twice in the header."), name=name)
        seen.add(fold(name))
    return tuple(names)


def records(stream: BinaryIO, table: Table, start: Place | None = None) -> Iterator[Record]:
    """Yield the rows of a file that stands open at a place, which is the first row's by default.

    A row that cannot be read is yielded with its problem, and the next one follows.
    """
    lines = _Lines(stream, table.encoding, start or table.body)
    reader = csv.reader(lines, delimiter=table.delimiter)
    while True:
        line = lines.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problem = N_("A cell here is too long; perhaps a quotation mark is not closed.")
            yield Record(line, (), problem, lines.place)
            continue
        if any(cell.strip() for cell in cells):
            spans = lines.line - line
            yield _record(line, cells, len(table.header), spans, lines.place)


def _record(line: int, cells: list[str], width: int, spans: int, end: Place) -> Record:
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    problem = None
    if len(cells) != width:
        problem = (
            N_("This row runs over several lines; perhaps a quotation mark is not closed.")
            if spans
            else N_("This row has more or fewer cells than the header has columns.")
        )
    elif any("\0" in cell for cell in cells):
        problem = N_("This row holds NUL characters, which no text has.")
    elif any("\ufffd" in cell for cell in cells):
        problem = N_("This row holds characters that are not in the file's encoding.")
    return Record(line, tuple(cells), problem, end)
