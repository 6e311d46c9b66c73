"""Measure relevance on a judged collection: documents, queries, and which document answers which.

A collection is a folder with ``docs.jsonl`` (id, title, body, lang), ``queries.jsonl`` (id, text)
and ``qrels.jsonl`` (q, doc, rel). Discounted gain is ``rel / log2(rank + 1)``, as in trec_eval.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contentlib.search.engine import Document, Engine, Page, Query

DEPTH = 1_000
EVERYONE = frozenset({"everyone"})

Measures = dict[str, float]


@dataclass(frozen=True)
class Judged:
    """A query, and the grades above 0 of the documents that answer it."""

    id: str
    text: str
    relevant: Mapping[str, float]


def evaluate(folder: Path, engine: Engine) -> Measures:
    """Index a collection into an engine of its own and measure every judged query."""
    engine.rebuild(read_documents(folder))
    measured = [measure(engine, judged, as_typed) for judged in read_judged(folder)]
    return mean(measured) | {"queries": len(measured)}


def measure(engine: Engine, judged: Judged, ask: Callable[[str], Query]) -> Measures:
    """Measure one query as ``ask`` puts it to the engine."""
    hits = engine.search(ask(judged.text)).hits
    return measures([hit.id for hit in hits], judged.relevant)


def as_typed(text: str) -> Query:
    """Ask for the words alone, in the way of the search page."""
    return Query(text, EVERYONE, limit=DEPTH, resembling=True)


def mean(measured: Sequence[Measures]) -> Measures:
    """Average measures over queries; without any, all are 0."""
    return {
        name: sum(one[name] for one in measured) / max(len(measured), 1)
        for name in ("ndcg@5", "ndcg@10", "map", "recall@5")
    }


def measures(ranking: Sequence[str], relevant: Mapping[str, float]) -> dict[str, float]:
    """Give the measures of one ranking, each between 0 and 1; ``relevant`` holds grades above 0."""
    return {
        "ndcg@5": ndcg(ranking, relevant, 5),
        "ndcg@10": ndcg(ranking, relevant, 10),
        "map": average_precision(ranking, relevant),
        "recall@5": len(relevant.keys() & set(ranking[:5])) / len(relevant),
    }


def ndcg(ranking: Sequence[str], relevant: Mapping[str, float], depth: int) -> float:
    """Give the discounted gain of the first ranks as a part of the best one possible."""
    gains = [relevant.get(document, 0.0) for document in ranking[:depth]]
    ideal = sorted(relevant.values(), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def average_precision(ranking: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Give the mean of the precisions at each relevant document."""
    found = 0
    total = 0.0
    for rank, document in enumerate(ranking, start=1):
        if document in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def read_documents(folder: Path) -> Iterator[Document]:
    """Give the documents of a collection, which everyone may find."""
    for line in lines(folder / "docs.jsonl"):
        yield Document(
            str(line["id"]),
            1,
            line["title"],
            language=line["lang"],
            pages=(Page(0, line["body"]),),
            access=tuple(EVERYONE),
        )


def read_judged(folder: Path) -> Iterator[Judged]:
    """Give the queries of a collection for which there is anything relevant."""
    judgements: dict[str, dict[str, float]] = {}
    for line in lines(folder / "qrels.jsonl"):
        if line["rel"] > 0:
            judgements.setdefault(str(line["q"]), {})[str(line["doc"])] = float(line["rel"])
    for line in lines(folder / "queries.jsonl"):
        relevant = judgements.get(str(line["id"]))
        if relevant:
            yield Judged(str(line["id"]), line["text"], relevant)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    with path.open(encoding="utf-8") as rows:
        for row in rows:
            yield json.loads(row)
