"""Reads paths from a file with lines `path;conversions;value;nulls`, without holding its text."""

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from contentlib.reports.credit.journeys import Journeys
from contentlib.reports.credit.markov import MOST_STATES, Paths

HEADER = "path;conversions;value;nulls"
NUMBERS = HEADER.split(";")[1:]
LARGEST = 1e15
BOM = "\ufeff"


class UnreadableError(ValueError):
    """The file is no such table; says which line and why."""


@dataclass(frozen=True)
class Named:
    """Paths, and the names of their states."""

    names: list[str]
    paths: Paths


def read_paths(lines: Iterable[bytes]) -> Named:
    """Return the paths of a file, given its lines as bytes.

    UTF-8, with or without a mark at its start, lines ending as on any system. A path is names
    with > between them, `a > b > c`; spaces around a name say nothing, and a path may stand in
    quotation marks. Numbers are decimals with a point; conversions and nulls are not negative.
    Empty lines are passed over. Names are told in rising order, so the order of lines says
    nothing. Raises UnreadableError with the number of the first line that is none of this, or
    where there is no path at all.
    """
    rows = _rows(lines)
    number, header = next(rows, (0, ""))
    if not number:
        raise UnreadableError("the file is empty")
    if "".join(header.lower().split()) != HEADER:
        raise UnreadableError(f"line {number}: the header must be {HEADER}")
    known: dict[str, int] = {}
    states, ends, numbers = array("q"), array("q", [0]), array("d")
    for number, row in rows:
        try:
            names, told = _parsed(row)
        except ValueError as error:
            raise UnreadableError(f"line {number}: {error}") from None
        states.extend([known.setdefault(name, len(known)) for name in names])
        if len(known) > MOST_STATES:
            raise UnreadableError(f"line {number}: there are more than {MOST_STATES:,} names")
        ends.append(len(states))
        numbers.extend(told)
    if not numbers:
        raise UnreadableError("the file has a header and no paths")
    return _named(known, states, ends, numbers)


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line that has any."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise UnreadableError(f"line {number}: this is not UTF-8") from None
        text = (text.removeprefix(BOM) if number == 1 else text).strip()
        if text:
            yield number, text


def _parsed(row: str) -> tuple[list[str], list[float]]:
    """Return the names and the numbers of a line; what stands before the last three is the path."""
    path, *cells = row.rsplit(";", len(NUMBERS))
    if len(cells) < len(NUMBERS):
        raise ValueError(f"there must be four fields, {HEADER}")
    if len(path) > 1 and path[0] == path[-1] == '"':
        path = path[1:-1].replace('""', '"')
    names = [name.strip() for name in path.split(">")]
    if not all(names):
        raise ValueError("the path is empty" if len(names) == 1 else "a name in the path is empty")
    return names, [_number(*pair) for pair in zip(NUMBERS, cells, strict=True)]


def _number(column: str, cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    # Python would also read 1_000.
    if not math.isfinite(number) or "_" in cell:
        raise ValueError(f"{column} must be a number such as 12.5, not {cell.strip()!r}")
    if abs(number) > LARGEST:
        raise ValueError(f"{column} must be at most {LARGEST:,.0f}")
    if number < 0 and column != "value":
        raise ValueError(f"{column} must not be negative")
    return number


def _named(
    known: dict[str, int], states: "array[int]", ends: "array[int]", numbers: "array[float]"
) -> Named:
    names = sorted(known)
    place = np.empty(len(names), dtype=np.int64)
    place[[known[name] for name in names]] = np.arange(len(names))
    journeys = Journeys(place[np.frombuffer(states, np.int64)], np.frombuffer(ends, np.int64))
    columns = np.frombuffer(numbers, np.float64).reshape(-1, len(NUMBERS)).T
    return Named(names, Paths(journeys, *columns))
