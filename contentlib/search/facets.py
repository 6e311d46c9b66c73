"""Labels of documents as arrays, so that filtering and counting cost microseconds.

Many documents carry the same few sets of labels. So each document has the number of its set, and
what is asked of labels is asked of the sets: a facet with several values a document costs no more
than one with a single value.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.intp]


class Column:
    """Which documents carry which labels: ``codes`` has, for each document, its set in ``sets``."""

    def __init__(self, codes: NDArray[np.int32], sets: Sequence[tuple[str, ...]]) -> None:
        self.codes = codes
        self.sets = sets

    @classmethod
    def joined(cls, columns: Sequence["Column"]) -> "Column":
        """Put columns end to end, numbering documents onwards."""
        code_of: dict[tuple[str, ...], int] = {}
        codes = [np.empty(0, np.int32)]
        for column in columns:
            recode = [code_of.setdefault(labels, len(code_of)) for labels in column.sets]
            codes.append(np.array(recode, np.int32)[column.codes])
        return cls(np.concatenate(codes), tuple(code_of))

    def labels_of(self, document: int) -> tuple[str, ...]:
        """Give the labels of one document."""
        return self.sets[self.codes[document]]

    def sets_with_any(self, labels: Iterable[str]) -> Mask:
        """Mark the sets that have at least one of the labels; no label marks none."""
        wanted = frozenset(labels)
        return np.array([not wanted.isdisjoint(one) for one in self.sets], np.bool_)

    def having_any(self, labels: Iterable[str]) -> Mask:
        """Mark the documents that carry at least one of the labels."""
        return self.sets_with_any(labels)[self.codes]

    def counts(self, documents: Numbers) -> dict[str, int]:
        """Count these documents by label, leaving out labels that none of them carries."""
        of_sets = np.bincount(self.codes[documents], minlength=len(self.sets))
        labels, members = self._members
        return {
            label: int(number)
            for label, number in zip(labels, of_sets @ members, strict=True)
            if number
        }

    @cached_property
    def _members(self) -> tuple[list[str], NDArray[np.intp]]:
        """All labels, and which set (row) has which of them (column)."""
        labels = list(dict.fromkeys(label for one in self.sets for label in one))
        place = {label: position for position, label in enumerate(labels)}
        members = np.zeros((len(self.sets), len(labels)), np.intp)
        for row, one in enumerate(self.sets):
            members[row, [place[label] for label in one]] = 1
        return labels, members


class ColumnBuilder:
    """Takes the labels of one document after the other; who is left out carries none."""

    def __init__(self) -> None:
        self._code_of: dict[tuple[str, ...], int] = {(): 0}
        self._codes: list[int] = []

    def add(self, document: int, labels: Iterable[str]) -> None:
        """Note the labels of a document; documents come in order."""
        self._codes += [0] * (document - len(self._codes))
        given = tuple(dict.fromkeys(labels))  # A label given twice still counts once.
        self._codes.append(self._code_of.setdefault(given, len(self._code_of)))

    def column(self, size: int) -> Column:
        """Give the column of all documents."""
        self._codes += [0] * (size - len(self._codes))
        return Column(np.array(self._codes, np.int32), tuple(self._code_of))
