"""Put a query to a generation: who may see what, which words were meant, what comes first."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from contentlib.search import analysis, kernel
from contentlib.search.analysis import Plan
from contentlib.search.engine import Answer, Correction, Hit, Query
from contentlib.search.facets import Mask, Numbers
from contentlib.search.generation import Generation
from contentlib.search.kernel import Matches
from contentlib.search.mending import mended
from contentlib.search.resembling import resembling


def ask(generation: Generation, query: Query) -> Answer:
    """Answer a query from what one generation has."""
    visible = generation.visible(query.access, query.withheld)
    plan, corrections = _plan(generation, query, visible)
    found = kernel.match(generation, plan, visible)
    if query.resembling:
        found = resembling(generation, plan, found)
    found = kernel.boosted(generation, found, query.boosts)
    order = "newest" if plan.is_empty else query.order
    pins = [] if order == "newest" else _pins(generation, query, visible)
    matches = _new_enough(generation, query, _with(found, pins))
    kept = _passing(generation, query, matches.documents)
    documents, scores = matches.documents[kept], matches.scores[kept]
    offset = max(query.offset, 0)
    ranked = kernel.best(
        generation,
        documents,
        _pins_ahead(documents, scores, pins),
        order=order,
        count=offset + max(query.limit, 0),
    )[offset:]
    score_of = dict(zip(documents.tolist(), scores.tolist(), strict=True)) if pins else {}
    return Answer(
        total=len(documents),
        hits=tuple(
            Hit(generation.id(number), score_of.get(number, score), pinned=number in pins)
            for number, score in ranked
        ),
        facets=kernel.facet_counts(generation, matches.documents, _filters(query), query.facets),
        highlight=analysis.highlight(plan),
        relaxed=matches.relaxed,
        corrections=corrections,
    )


def _plan(
    generation: Generation, query: Query, visible: Mask
) -> tuple[Plan, tuple[Correction, ...]]:
    plan = analysis.plan(
        query.text,
        typing=query.typing,
        titles=query.scope == "titles",
        meanings=query.meanings,
    )
    return (plan, ()) if query.literally else mended(generation, plan, visible)


def _filters(query: Query) -> Mapping[str, frozenset[str]]:
    return {name: labels for name, labels in query.filters.items() if labels}


def _passing(generation: Generation, query: Query, documents: Numbers) -> Mask:
    """Mark which documents the filters let through."""
    kept = np.ones(len(documents), np.bool_)
    for name, labels in _filters(query).items():
        kept &= kernel.passes(generation, documents, name, labels)
    return kept


def _new_enough(generation: Generation, query: Query, found: Matches) -> Matches:
    if query.newer_than is None:
        return found
    kept = generation.moments[found.documents] > query.newer_than
    return replace(found, documents=found.documents[kept], scores=found.scores[kept])


def _pins(generation: Generation, query: Query, visible: Mask) -> list[int]:
    return [number for number in generation.numbers(query.pinned) if visible[number]]


def _with(found: Matches, pins: list[int]) -> Matches:
    """Take the pinned documents in where their words would not have."""
    missing = np.setdiff1d(np.array(pins, np.intp), found.documents) if pins else ()
    if not len(missing):
        return found
    documents = np.concatenate([found.documents, missing])
    scores = np.concatenate([found.scores, np.zeros(len(missing), np.float32)])
    order = np.argsort(documents)
    return replace(found, documents=documents[order], scores=scores[order])


def _pins_ahead(documents: Numbers, scores: kernel.Shares, pins: list[int]) -> kernel.Shares:
    """Score pinned documents above all others, in the order of the pins."""
    if not pins or not len(documents):
        return scores
    ahead = scores.copy()
    top = float(scores.max())
    for place, number in enumerate(pins):
        ahead[documents == number] = top + len(pins) - place
    return ahead
