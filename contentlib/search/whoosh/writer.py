"""One commit to a Whoosh index: documents in and out, small segments into one."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from contentlib.search import analysis
from contentlib.search.engine import Document
from contentlib.search.whoosh.columns import Record, Words
from contentlib.search.whoosh.folder import segments_of
from contentlib.search.whoosh.format import SCHEMA, Codec
from contentlib.search.whoosh.postings import GONE, TermPool
from contentlib.search.whoosh.segment import pack_text

COLUMNS = ("record", "text", "words")


class Writer(SegmentWriter):
    """A commit that leaves the other segments alone; ``with`` ends it or takes it back."""

    def __init__(self, index: FileIndex) -> None:
        # Compound segments would give each process a private copy of the index.
        super().__init__(index, compound=False, codec=Codec())
        self.merge = False
        self.pool: Any = TermPool()

    def add(self, document: Document) -> None:
        """Add a document; Whoosh would take its keys one posting at a time."""
        analysed = analysis.analyse(document)
        self.pool.take("id", self.docnum, {document.id: 1.0})
        self.pool.take("all", self.docnum, analysed.weights)
        self.pool.take("title", self.docnum, analysed.title_keys)
        record = Record(
            document.id,
            document.revision,
            document.moment,
            analysed.length,
            tuple(document.access),
            document.facets,
        )
        self._keep(record, pack_text(analysed.text), Words(analysed.words, analysed.heads))

    def remove(self, ids: Iterable[str]) -> None:
        """Delete documents of earlier commits."""
        with self.reader() as reader:
            for document_id in ids:
                if ("id", document_id) in reader:
                    for number in list(reader.postings("id", document_id).all_ids()):
                        self.delete_document(number)

    def absorb(self, segment: W3Segment) -> None:
        """Add the documents of an earlier commit that were not deleted, with their lists whole."""
        columns = self.codec.per_document_reader(self.storage, segment)
        record, text, words = (
            columns.column_reader(name, SCHEMA[name].column_type) for name in COLUMNS
        )
        numbers = np.full(segment.doc_count_all(), GONE, np.int64)
        more: Iterable[str] = words.every_word()
        for old in range(segment.doc_count_all()):
            if not segment.is_deleted(old):
                numbers[old] = self.docnum
                of_document = words[old]
                self._keep(record[old], text[old], of_document._replace(all=more))
                more = ()
        self.pool.absorb(self.codec.terms_reader(self.storage, segment), numbers)
        columns.close()

    def _keep(self, record: Record, text: bytes, words: Words) -> None:
        """Write what is kept of the next document besides its keys."""
        self.perdocwriter.start_doc(self.docnum)
        self.perdocwriter.add_field("all", SCHEMA["all"], None, record.length)
        for name, value in zip(COLUMNS, (record, text, words), strict=True):
            self.perdocwriter.add_column_value(name, SCHEMA[name].column_type, value)
        self.perdocwriter.finish_doc()
        self.docnum += 1
        self._added = True


def write(index: FileIndex, documents: Iterable[Document], replaced: Iterable[str]) -> None:
    """Commit documents as one new segment, in the place of those that are replaced."""
    with Writer(index) as writer:
        writer.remove(replaced)
        for document in documents:
            writer.add(document)


def fold(index: FileIndex, at_least: int) -> bool:
    """Fold the tail of small segments where there are many; tell whether anything was to fold."""
    segments = segments_of(index)
    if len(segments) < at_least or len(_small_tail(segments)) < 2:
        return False
    with Writer(index) as writer:
        writer.mergetype = _fold_tail
    return True


def _small_tail(segments: list[W3Segment]) -> list[W3Segment]:
    """Choose the segments to merge so that what stays more than doubles from one to the next."""
    ordered = sorted((segment for segment in segments if _live(segment)), key=_live)
    merged = total = 0
    for position, segment in enumerate(ordered, start=1):
        if _live(segment) <= 2 * total:
            merged = position
        total += _live(segment)
    return ordered[:merged]


def _fold_tail(writer: Writer, segments: list[W3Segment]) -> list[W3Segment]:
    """Merge the small segments and drop those without documents.

    This is a Whoosh merge policy: it reads segments into the writer and gives back the others.
    """
    tail = _small_tail(segments)
    for segment in tail:
        writer.absorb(segment)
    return [segment for segment in segments if _live(segment) and segment not in tail]


def _live(segment: W3Segment) -> int:
    """Count the documents of a segment that were not deleted."""
    return int(segment.doc_count_all()) - int(segment.deleted_count())
