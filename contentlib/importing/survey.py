"""A first look over a whole file: how many rows, what its columns hold, and what looks odd."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from contentlib.core.folding import fold
from contentlib.importing.delimited import Record
from contentlib.importing.values import clean

# A column with more different values than this holds facts of each row, not kinds of rows.
MOST_VALUES = 100
_EXAMPLES = 3


class Survey:
    """Counts the values of each column while the rows pass by."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self._header = header
        self._values: list[Counter[str] | None] = [Counter() for _name in header]
        self._examples: list[list[str]] = [[] for _name in header]
        self._blanks = [0] * len(header)
        self.rows = 0

    def add(self, rows: Iterable[Record]) -> None:
        """Look at some rows; what cannot be read is counted as a row only."""
        for record in rows:
            self.rows += 1
            if record.problem is None:
                for place, cell in enumerate(record.cells):
                    self._look(place, clean(cell)[:200])

    def _look(self, place: int, value: str) -> None:
        if not value:
            self._blanks[place] += 1
            return
        examples = self._examples[place]
        if len(examples) < _EXAMPLES and value not in examples:
            examples.append(value)
        counter = self._values[place]
        if counter is not None:
            counter[value] += 1
            if len(counter) > MOST_VALUES:
                self._values[place] = None

    def result(self) -> dict[str, Any]:
        """Return what was seen, in a form that can be kept."""
        columns: list[dict[str, Any]] = [
            {
                "name": name,
                "blank": self._blanks[place],
                "examples": self._examples[place],
                "values": dict(values.most_common()) if (values := self._values[place]) else None,
            }
            for place, name in enumerate(self._header)
            if name
        ]
        odd = [
            {"column": column["name"], "value": value, "like": like, "count": count}
            for column in columns
            if column["values"]
            for value, like, count in oddities(column["values"])
        ]
        return {"rows": self.rows, "columns": columns, "oddities": odd}


def oddities(values: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return values that look like another one written differently, with how many rows have them.

    Two values of the same letters (`Acme Ltda`, `ACME LTDA.`), or one that runs together words
    which other values of its column write apart (`GTXPro` beside `GTX Basic` and `Plus Pro`).
    """
    worded = {value: count for value, count in values.items() if re.search(r"[^\W\d_]", value)}
    found: dict[str, str] = {}
    by_letters: dict[str, list[str]] = {}
    for value in sorted(worded, key=lambda value: -worded[value]):
        by_letters.setdefault(re.sub(r"\W", "", fold(value)), []).append(value)
    for usual, *others in by_letters.values():
        found |= dict.fromkeys(others, usual)
    words = {fold(word): word for value in worded if " " in value for word in value.split()}
    for value in worded:
        apart = None if " " in value or value in found else _apart(value, words)
        if apart:
            found[value] = apart
    return [(value, like, worded[value]) for value, like in found.items()]


def _apart(value: str, words: Mapping[str, str]) -> str | None:
    for place in range(2, len(value) - 1):
        first, second = fold(value[:place]), fold(value[place:])
        if first in words and second in words:
            return f"{words[first]} {words[second]}"
    return None
