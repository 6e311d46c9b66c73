"""Measure relevance on a judged collection: documents, queries, and which document answers which.

A collection is a folder with ``docs.jsonl`` (id, title, body, lang), ``queries.jsonl`` (id, text)
and ``qrels.jsonl`` (q, doc, rel). Discounted gain is ``rel / log2(rank + 1)``, as in trec_eval.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contentlib.search.engine import Document, Engine, Page, Query

DEPTH = 1_000
_EVERYONE = "everyone"


def evaluate(folder: Path, engine: Engine) -> dict[str, float]:
    """Index a collection into an engine of its own and measure every judged query."""
    engine.rebuild(_documents(folder))
    judgements = _judgements(folder)
    totals = dict.fromkeys(("ndcg@5", "ndcg@10", "map", "recall@5"), 0.0)
    asked = 0
    for query in _lines(folder / "queries.jsonl"):
        relevant = judgements.get(str(query["id"]))
        if relevant:
            asked += 1
            ranking = _ranking(engine, query["text"])
            for name, value in measures(ranking, relevant).items():
                totals[name] += value
    return {name: total / max(asked, 1) for name, total in totals.items()} | {"queries": asked}


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


def _ranking(engine: Engine, text: str) -> list[str]:
    answer = engine.search(Query(text, frozenset({_EVERYONE}), limit=DEPTH))
    return [hit.id for hit in answer.hits]


def _documents(folder: Path) -> Iterator[Document]:
    for line in _lines(folder / "docs.jsonl"):
        yield Document(
            str(line["id"]),
            1,
            line["title"],
            language=line["lang"],
            pages=(Page(0, line["body"]),),
            access=(_EVERYONE,),
        )


def _judgements(folder: Path) -> dict[str, dict[str, float]]:
    judgements: dict[str, dict[str, float]] = {}
    for line in _lines(folder / "qrels.jsonl"):
        if line["rel"] > 0:
            judgements.setdefault(str(line["q"]), {})[str(line["doc"])] = float(line["rel"])
    return judgements


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
