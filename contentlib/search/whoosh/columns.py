"""What a segment keeps of each document besides its posting lists, as Whoosh columns.

Whoosh writes a column document by document and copies it so when it merges segments. These are read
whole as well: as arrays, which takes milliseconds where a hundred thousand small records take
seconds.
"""

import io
import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import Column as WhooshColumn
from whoosh.columns import ColumnReader, ColumnWriter

from contentlib.search.facets import Column, ColumnBuilder
from contentlib.search.vocabulary import LONGEST, Vocabulary, ordered_words


class Record(NamedTuple):
    """What is kept of a document besides its words; its exact length, where Whoosh rounds it."""

    id: str
    revision: int
    moment: float
    length: int
    access: Sequence[str]
    facets: Mapping[str, Sequence[str]]


class RecordColumn(WhooshColumn):
    """A column of records, kept as one array for each of their parts."""

    class Writer(ColumnWriter):
        """Takes records in order of their documents."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._ids: list[bytes] = []
            self._revisions, self._moments, self._lengths = array("q"), array("d"), array("f")
            self._access = ColumnBuilder()
            self._facets: dict[str, ColumnBuilder] = defaultdict(ColumnBuilder)

        def add(self, docnum: int, record: Record) -> None:
            """Take the record of the next document."""
            self._ids.append(record.id.encode())
            self._revisions.append(record.revision)
            self._moments.append(record.moment)
            self._lengths.append(record.length)
            self._access.add(docnum, record.access)
            for name, labels in record.facets.items():
                self._facets[name].add(docnum, labels)

        def finish(self, doccount: int) -> None:
            """Write everything."""
            names = sorted(self._facets)
            builders = [self._access, *(self._facets[name] for name in names)]
            columns = [builder.column(doccount) for builder in builders]
            labels = {"facets": names, "sets": [column.sets for column in columns]}
            _write(
                self._dbfile,
                ids=np.array(self._ids, np.bytes_),
                revisions=np.array(self._revisions, np.int64),
                moments=np.array(self._moments, np.float64),
                lengths=np.array(self._lengths, np.float32),
                codes=np.array([column.codes for column in columns], np.int32),
                labels=np.frombuffer(json.dumps(labels).encode(), np.uint8),
            )

    class Reader(ColumnReader):
        """Gives the records of a segment, whole or one by one."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            parts = _read(dbfile, basepos, length)
            self.ids: NDArray[np.bytes_] = parts["ids"]
            self.revisions: NDArray[np.int64] = parts["revisions"]
            self.moments: NDArray[np.float64] = parts["moments"]
            self.lengths: NDArray[np.float32] = parts["lengths"]
            labels = json.loads(parts["labels"].tobytes())
            sets = [tuple(map(tuple, of_column)) for of_column in labels["sets"]]
            self.access, *facets = map(Column, parts["codes"], sets)
            self.facets = dict(zip(labels["facets"], facets, strict=True))

        def __getitem__(self, docnum: int) -> Record:
            return Record(
                id=self.ids[docnum].decode(),
                revision=int(self.revisions[docnum]),
                moment=float(self.moments[docnum]),
                length=int(self.lengths[docnum]),
                access=self.access.labels_of(docnum),
                facets={name: column.labels_of(docnum) for name, column in self.facets.items()},
            )


class Words(NamedTuple):
    """The words of a document that can be completed and mended, and those of its title and tags."""

    all: Iterable[str]
    heads: Iterable[str]


class WordsColumn(WhooshColumn):
    """All words of a segment in order, and which of them stand in the titles and tags of whom.

    Whose body has a word is not kept: whether somebody may be shown it depends on who finds its
    key. So the words of deleted documents stay until the index is built anew.
    """

    class Writer(ColumnWriter):
        """Takes the words of one document after the other."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._words: set[str] = set()
            self._heads: list[list[str]] = []

        def add(self, docnum: int, words: Words) -> None:
            """Take the words of the next document."""
            self._words.update(words.all)
            self._heads.append([head for head in words.heads if len(head.encode()) <= LONGEST])

        def finish(self, doccount: int) -> None:
            """Write everything."""
            every = self._words.union(*self._heads)
            ordered = ordered_words(every)
            place = {word.decode(): place for place, word in enumerate(ordered.tolist())}
            heads = [place[head] for of_document in self._heads for head in of_document]
            _write(
                self._dbfile,
                words=ordered,
                heads=np.array(heads, np.int32),
                ends=np.cumsum([len(of_document) for of_document in self._heads], dtype=np.int32),
            )

    class Reader(ColumnReader):
        """Gives the vocabulary of a segment, and the words of one document's title and tags."""

        _dbfile: Any

        @cached_property
        def _parts(self) -> dict[str, NDArray[Any]]:
            # Not every process completes or mends words; the file is open, so it can wait.
            return _read(self._dbfile, self._basepos, self._length)

        def vocabulary(self) -> Vocabulary:
            """Give all words, with the number of documents that have them in title or tags."""
            words, heads = self._parts["words"], self._parts["heads"]
            return Vocabulary(words, np.bincount(heads, minlength=len(words)))

        def every_word(self) -> list[str]:
            """Give all words."""
            return [word.decode() for word in self._parts["words"].tolist()]

        def __getitem__(self, docnum: int) -> Words:
            words, heads, ends = (self._parts[part] for part in ("words", "heads", "ends"))
            own = heads[ends[docnum - 1] if docnum else 0 : ends[docnum]]
            return Words((), [word.decode() for word in words[own].tolist()])


def _write(dbfile: Any, **arrays: NDArray[Any]) -> None:
    whole = io.BytesIO()
    np.savez(whole, allow_pickle=False, **arrays)
    dbfile.write(whole.getvalue())


def _read(dbfile: Any, start: int, length: int) -> dict[str, NDArray[Any]]:
    """Read arrays again, each with a checksum of its own."""
    with np.load(io.BytesIO(dbfile.get(start, length)), allow_pickle=False) as parts:
        return dict(parts)
