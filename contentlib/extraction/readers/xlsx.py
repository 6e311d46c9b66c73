"""XLSX: the values of every sheet, a line for each row."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from contentlib.extraction.document import MOST_CHARACTERS, Document


def read(path: Path) -> Document:
    """Read a workbook, seeing the values last computed and not the formulas."""
    # Given a path, openpyxl wants it to end in .xlsx, and stored files have no ending. The stream
    # stays open because the sheets are read later.
    stream = path.open("rb")
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    return Document((_text(sheet) for sheet in sheets), page_count=len(sheets))


def _text(sheet: Any) -> str:
    # The sheet's own claim about its size may be wrong by a million columns.
    sheet.reset_dimensions()
    return "\n".join([sheet.title, *_rows(sheet)])


def _rows(sheet: Any) -> Iterator[str]:
    length = 0
    for row in sheet.iter_rows(values_only=True):
        line = "\t".join(_shown(value) for value in row if value is not None)
        if line:
            yield line
        length += len(line) + 1
        if length > MOST_CHARACTERS:
            return


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
