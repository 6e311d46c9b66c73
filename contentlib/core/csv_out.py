"""Tables out as CSV that a spreadsheet opens and cannot be tricked by."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

# A cell that begins so would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def harmless(value: object) -> str:
    """Return a cell's text; one that a spreadsheet would run as a formula gets a quote before.

    What begins so after quotes of its own gets one too, so that taking one away gives it back.
    """
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int | float) or not text.lstrip("'").startswith(_FORMULA):
        return text
    return f"'{text}"


def lines(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, bom: bool = False
) -> Iterator[str]:
    """Yield a table line by line; the mark at the start is what Excel tells UTF-8 by."""
    if bom:
        yield BOM
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in chain([header], rows):
        writer.writerow([harmless(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
