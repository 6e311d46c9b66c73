"""Labels of documents as arrays, so that filtering and counting cost microseconds."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class Column:
    """Which documents carry which labels: pairs of a document number and a label's code."""

    def __init__(
        self, size: int, labels: list[str], documents: NDArray[np.int32], codes: NDArray[np.int32]
    ) -> None:
        self.size = size
        self._codes_of = {label: code for code, label in enumerate(labels)}
        self.labels = labels
        self.documents = documents
        self.codes = codes

    @classmethod
    def of(cls, rows: Sequence[Iterable[str]]) -> "Column":
        """Build a column from the labels of each document in turn."""
        codes_of: dict[str, int] = {}
        documents: list[int] = []
        codes: list[int] = []
        for number, labels in enumerate(rows):
            for label in dict.fromkeys(labels):  # A label given twice still counts once.
                documents.append(number)
                codes.append(codes_of.setdefault(label, len(codes_of)))
        return cls(
            len(rows), list(codes_of), np.array(documents, np.int32), np.array(codes, np.int32)
        )

    @classmethod
    def joined(cls, columns: Sequence["Column"]) -> "Column":
        """Put columns end to end, numbering documents onwards."""
        codes_of: dict[str, int] = {}
        documents: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        codes: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        base = 0
        for column in columns:
            recode = np.array(
                [codes_of.setdefault(label, len(codes_of)) for label in column.labels], np.int32
            )
            documents.append(column.documents + np.int32(base))
            codes.append(recode[column.codes])
            base += column.size
        return cls(base, list(codes_of), np.concatenate(documents), np.concatenate(codes))

    def having_any(self, labels: Iterable[str]) -> Mask:
        """Mark the documents that carry at least one of the labels; no label marks none."""
        mask = np.zeros(self.size, np.bool_)
        wanted = [self._codes_of[label] for label in labels if label in self._codes_of]
        if wanted:
            chosen = np.zeros(len(self.labels), np.bool_)
            chosen[wanted] = True
            mask[self.documents[chosen[self.codes]]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """Count the marked documents by label, leaving out labels that none of them carries."""
        numbers = np.bincount(self.codes[mask[self.documents]], minlength=len(self.labels))
        return {
            label: int(number) for label, number in zip(self.labels, numbers, strict=True) if number
        }
