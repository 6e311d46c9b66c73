"""Finding by words: this package knows documents, not assets, and is the only one with Whoosh.

Register what can be found with ``source``, open the engine of a setting with ``open_engine``.
"""

from contentlib.search.engine import (
    Answer,
    Boosts,
    Changes,
    Correction,
    Document,
    Engine,
    Highlight,
    Hit,
    Meaning,
    NoIndex,
    Page,
    Query,
    SearchBusy,
    SearchError,
    SearchUnavailable,
    Stats,
)
from contentlib.search.engines import open_engine
from contentlib.search.snippets import Snippet, best_snippet, mark
from contentlib.search.sources import source, sources

__all__ = [
    "Answer",
    "Boosts",
    "Changes",
    "Correction",
    "Document",
    "Engine",
    "Highlight",
    "Hit",
    "Meaning",
    "NoIndex",
    "Page",
    "Query",
    "SearchBusy",
    "SearchError",
    "SearchUnavailable",
    "Snippet",
    "Stats",
    "best_snippet",
    "mark",
    "open_engine",
    "source",
    "sources",
]
