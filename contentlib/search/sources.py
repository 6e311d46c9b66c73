"""Where documents come from: higher packages register their kinds, and search never imports them.

@search.source("asset")
class AssetDocuments:
    def revisions(self): return {"asset:12": 3, ...}
    def load(self, ids): yield Document("asset:12", ...)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from contentlib.search.engine import Changes, Document

LOAD_AT_ONCE = 200


class Source(Protocol):
    """One kind of document, as the database has it now."""

    def revisions(self) -> Mapping[str, int]:
        """Give id → revision of everything that is to be found."""

    def load(self, ids: Sequence[str]) -> Iterable[Document]:
        """Give the documents of these ids, leaving out those that are not to be found."""


S = TypeVar("S", bound=Source)


class Sources:
    """All kinds of documents, by the part of an id before its colon."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Source] = {}

    def register(self, kind: str) -> Callable[[type[S]], type[S]]:
        """Make a class the source of a kind of documents."""

        def decorate(source: type[S]) -> type[S]:
            if kind in self._by_kind:
                raise ValueError(f"two sources for documents of kind {kind!r}")
            self._by_kind[kind] = source()
            return source

        return decorate

    def current(self, ids: Iterable[str]) -> Changes:
        """Give what the index must hold of these ids: documents, and ids that are no more."""
        by_kind: dict[str, list[str]] = {}
        for document_id in dict.fromkeys(ids):
            by_kind.setdefault(document_id.partition(":")[0], []).append(document_id)
        documents = tuple(
            document
            for kind, wanted in by_kind.items()
            if kind in self._by_kind
            for document in self._by_kind[kind].load(wanted)
        )
        found = {document.id for document in documents}
        asked = {document_id for wanted in by_kind.values() for document_id in wanted}
        return Changes(documents, frozenset(asked - found))

    def everything(self) -> Iterator[Document]:
        """Give every document, a few at a time, to build an index from."""
        for source in self._by_kind.values():
            ids = list(source.revisions())
            for start in range(0, len(ids), LOAD_AT_ONCE):
                yield from source.load(ids[start : start + LOAD_AT_ONCE])

    def differences(self, indexed: Mapping[str, int]) -> set[str]:
        """Give the ids on which index and database disagree, in either direction."""
        wanted: dict[str, int] = {}
        for source in self._by_kind.values():
            wanted.update(source.revisions())
        stale = {id_ for id_, revision in wanted.items() if indexed.get(id_) != revision}
        return stale | (indexed.keys() - wanted.keys())


sources = Sources()
source = sources.register
