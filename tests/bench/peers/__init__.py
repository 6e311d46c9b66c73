"""The engines that are measured side by side, each behind the same few methods."""

import importlib

from tests.bench.peers.peer import Found, Peer

__all__ = ["NAMES", "Found", "Peer", "peer_of"]

NAMES = {
    "ours": "contentlib",
    "stock_whoosh": "stock Whoosh 2.7.4",
    "tantivy_index": "tantivy 0.27",
    "fts5": "SQLite FTS5",
}


def peer_of(name: str) -> type[Peer]:
    """Give an engine's class, importing no other engine's file."""
    module = importlib.import_module(f"tests.bench.peers.{name}")
    chosen: type[Peer] = module.Engine
    return chosen
