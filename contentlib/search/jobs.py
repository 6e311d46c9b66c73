"""Making the index agree with the database; every one of these may run twice."""

from collections.abc import Sequence

import structlog

from contentlib import jobs
from contentlib.jobs.registry import Apply, Payload
from contentlib.search.current import current_engine
from contentlib.search.engine import Progress, SearchBusy, SearchUnavailable
from contentlib.search.sources import sources

INDEXING = "search.index"

log = structlog.get_logger("contentlib.search")


def reindex(document_id: str) -> None:
    """Ask that the index follow a change of this document, in the transaction of the change."""
    jobs.enqueue(INDEXING, document_id, {"id": document_id})


def reconcile() -> None:
    """Ask that index and database be compared, and the index built where there is none."""
    jobs.enqueue("search.reconcile", "all")


@jobs.handler(INDEXING, batch=200, rank=0)
def index_documents(payloads: Sequence[Payload]) -> None:
    """Put documents as they are now into the index, and take out those that are no more."""
    engine = current_engine()
    try:
        engine.apply(sources.current(payload["id"] for payload in payloads))
    except SearchUnavailable:
        rebuild_index()


jobs.daily("search.reconcile")


@jobs.handler("search.reconcile")
def compare_with_database(_payloads: Sequence[Payload]) -> Apply | None:
    """Find what index and database disagree on and ask for it to be indexed."""
    try:
        indexed = current_engine().revisions()
    except SearchUnavailable:
        rebuild_index()
        return None
    differing = sorted(sources.differences(indexed))
    if not differing:
        return None
    log.warning("index and database disagree", documents=len(differing))

    def ask() -> None:
        for document_id in differing:
            reindex(document_id)

    return ask


@jobs.when_idle
def tend_index() -> None:
    """Keep the index fast, and build it where there is none that can be read."""
    try:
        current_engine().tend()
    except SearchUnavailable:
        rebuild_index()
    except SearchBusy:
        log.info("another process tends the index")


def rebuild_index(progress: Progress | None = None) -> int:
    """Build the index anew from all sources while the old one keeps answering; count documents."""
    count = current_engine().rebuild(sources.everything(), progress)
    log.info("index rebuilt", documents=count)
    return count
