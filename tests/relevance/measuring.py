"""Measures the judged set by slices: how good answers are, and what slips of the pen cost.

nDCG as in ``contentlib.search.evaluate``, with the grades as gains. Recall counts the documents
that answer a query (grades 2 and 3; a 1 only touches its subject) among the first five, as a part
of those that five places can hold; `first` tells how often the very first one answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contentlib.search import Engine
from contentlib.search.evaluate import ndcg
from tests.relevance.collection import Asked, ask

ANSWERS = 2
VARIANTS = ("accents", "plurals", "typos")


@dataclass(frozen=True)
class Measured:
    """A query and how good its answer was."""

    asked: Asked
    ndcg5: float
    ndcg10: float
    recall5: float
    first: bool


@dataclass(frozen=True)
class Figures:
    """The means of a slice."""

    queries: int
    ndcg5: float
    ndcg10: float
    recall5: float
    first: float


def measured(engine: Engine, asked: Iterable[Asked]) -> list[Measured]:
    """Ask every query and measure what came."""
    return [_measured(engine, one) for one in asked]


def figures(rows: Sequence[Measured]) -> Figures:
    """Average some queries."""
    count = max(len(rows), 1)
    return Figures(
        len(rows),
        sum(row.ndcg5 for row in rows) / count,
        sum(row.ndcg10 for row in rows) / count,
        sum(row.recall5 for row in rows) / count,
        sum(row.first for row in rows) / count,
    )


def by_slice(rows: Sequence[Measured]) -> dict[str, Figures]:
    """Give the figures of all bases together, and of each slice of bases and variants."""
    bases = [row for row in rows if not row.asked.base]
    slices = dict.fromkeys(row.asked.slice for row in rows)
    return {"all": figures(bases)} | {
        name: figures([row for row in rows if row.asked.slice == name]) for name in slices
    }


def by_half(rows: Sequence[Measured]) -> dict[str, Figures]:
    """Give the figures of the bases with odd numbers, to look at, and with even ones, to judge by.

    Who makes the search better reads what goes wrong with the odd ones alone, and believes a change
    only when the even ones agree.
    """
    bases = [row for row in rows if not row.asked.base]
    return {
        name: figures([row for row in bases if _number(row) % 2 == rest])
        for name, rest in (("odd", 1), ("even", 0))
    }


def losses(rows: Sequence[Measured]) -> dict[str, float]:
    """Give what each kind of variant loses of nDCG@5 against the queries that it varies."""
    known = {row.asked.judged.id: row for row in rows}
    lost = {}
    for kind in VARIANTS:
        variants = [row for row in rows if row.asked.slice == kind]
        before = figures([known[row.asked.base] for row in variants]).ndcg5
        lost[kind] = 1 - figures(variants).ndcg5 / before
    return lost


def _number(row: Measured) -> int:
    return int(row.asked.judged.id[2:])


def _measured(engine: Engine, asked: Asked) -> Measured:
    relevant = asked.judged.relevant
    ranking = [hit.id for hit in ask(engine, asked.judged.text).hits]
    return Measured(
        asked,
        ndcg(ranking, relevant, 5),
        ndcg(ranking, relevant, 10),
        recall(ranking, relevant),
        any(relevant.get(document, 0) >= ANSWERS for document in ranking[:1]),
    )


def recall(ranking: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Give the part of the answers that the first five places could hold and do."""
    answers = {document for document, grade in relevant.items() if grade >= ANSWERS}
    return len(answers & set(ranking[:5])) / min(len(answers), 5)
