"""Put a query to a generation: who may see what, which words were meant, what comes first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from contentlib.search import analysis, kernel
from contentlib.search.analysis import Plan
from contentlib.search.engine import Answer, Correction, Hit, Order, Query
from contentlib.search.facets import Mask, Numbers
from contentlib.search.generation import Generation
from contentlib.search.kernel import Matches
from contentlib.search.mending import mended
from contentlib.search.resembling import resembling


def ask(generation: Generation, query: Query) -> Answer:
    """Answer a query from what one generation has."""
    visible = generation.visible(query.access, query.withheld)
    plan, corrections = _plan(generation, query, visible)
    order: Order = "newest" if plan.is_empty else query.order
    pins = [] if order == "newest" else _pins(generation, query, visible)
    found = _found(generation, query, plan, visible)
    matches = _new_enough(generation, query, _with(found, pins))
    kept = _passing(generation, query, matches.documents)
    documents, scores = matches.documents[kept], matches.scores[kept]
    ahead = _pins_ahead(documents, scores, pins)
    offset = max(query.offset, 0)
    last = offset + max(query.limit, 0)
    ranked = kernel.best(generation, documents, ahead, order=order, count=last)[offset:]
    return Answer(
        total=len(documents),
        hits=tuple(_hits(generation, ranked, documents, scores, pins)),
        facets=kernel.facet_counts(generation, matches.documents, _filters(query), query.facets),
        highlight=analysis.highlight(plan),
        relaxed=matches.relaxed,
        corrections=corrections,
    )


def _found(generation: Generation, query: Query, plan: Plan, visible: Mask) -> Matches:
    found = kernel.match(generation, plan, visible)
    if query.resembling and generation.is_at_hand:
        found = resembling(generation, plan, found)
    return kernel.boosted(generation, found, query.boosts)


def _hits(
    generation: Generation,
    ranked: Sequence[tuple[int, float]],
    documents: Numbers,
    scores: kernel.Shares,
    pins: list[int],
) -> Iterator[Hit]:
    """Give what was found by id; pinned documents with the score of their words."""
    for number, score in ranked:
        pinned = number in pins
        own = float(scores[np.searchsorted(documents, number)]) if pinned else score
        yield Hit(generation.id(number), own, pinned=pinned)


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
