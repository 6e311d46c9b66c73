"""Score a whole index at once: BM25F over posting lists, conditions as boolean arrays.

A document's score is the sum, over the words of the query, of
``idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · length / average length))``, where ``tf`` already
carries the weights of title, tags and body. The keys a word may have count as one word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.search import language
from contentlib.search.analysis import Clause, Phrase, Plan
from contentlib.search.engine import Order
from contentlib.search.facets import Mask
from contentlib.search.generation import Generation
from contentlib.search.segment import Postings

K1 = 1.2
B = 0.75

FEW = 5
"""With fewer documents that have all words, those that have some of them follow."""

MAX_PHRASE_CANDIDATES = 1_000
"""Documents whose text is read to check a phrase; the best by their words come first."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that answer a query, before anyone's filters."""

    found: Mask
    scores: NDArray[np.float32]
    relaxed: bool


def match(generation: Generation, plan: Plan, visible: Mask) -> Matches:
    """Find the visible documents that a query asks for; too few with all words, then with some."""
    scores = np.zeros(generation.size, np.float32)
    every, some = visible.copy(), np.zeros(generation.size, np.bool_)
    for clause in plan.words:
        holders = _add(generation, clause, scores)
        every &= holders
        some |= holders
    strict = visible & ~_excluded(generation, plan, visible)
    for phrase in plan.phrases:
        strict &= _with_phrase(generation, phrase, strict, scores)
    complete = every & strict
    if len(plan.words) < 2 or np.count_nonzero(complete) >= FEW:
        return Matches(complete, scores, relaxed=False)
    partial = strict if plan.phrases else strict & some
    return Matches(partial, scores, relaxed=bool((partial & ~complete).any()))


def best(
    generation: Generation, matches: Matches, wanted: Mask, *, order: Order, count: int
) -> NDArray[np.int32]:
    """Give the first documents in order: score, then newer, then id; or newer, then score."""
    numbers = np.flatnonzero(wanted).astype(np.int32)
    newest = generation.moments[numbers]
    score = matches.scores[numbers]
    first, second = (newest, score) if order == "newest" else (score, newest)
    if len(numbers) > count > 0:  # Sorting all of a large answer for its first page is waste.
        threshold = np.partition(first, len(first) - count)[len(first) - count]
        kept = first >= threshold
        numbers, first, second = numbers[kept], first[kept], second[kept]
    ids = [generation.id(number) for number in numbers.tolist()]
    ranked = sorted(zip((-first).tolist(), (-second).tolist(), ids, numbers.tolist(), strict=True))
    return np.array([number for *_, number in ranked[:count]], np.int32)


def facet_counts(
    generation: Generation, found: Mask, filters: Mapping[str, Iterable[str]], facets: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Count labels, each facet under all filters but its own."""
    passing = {name: generation.facet(name).having_any(labels) for name, labels in filters.items()}
    counts = {}
    for facet in facets:
        mask = found.copy()
        for name, passes in passing.items():
            if name != facet:
                mask &= passes
        counts[facet] = generation.facet(facet).counts(mask)
    return counts


def _add(generation: Generation, clause: Clause, scores: NDArray[np.float32]) -> Mask:
    """Add a word's share to the scores and mark the documents that have it."""
    postings = _postings(generation, clause)
    holders = np.zeros(generation.size, np.bool_)
    numbers = postings.documents
    if len(numbers):
        holders[numbers] = True
        norm = np.float32(K1) * (
            np.float32(1 - B) + np.float32(B) * generation.relative_lengths[numbers]
        )
        weight = np.float32(generation.rarity(len(numbers)) * (K1 + 1))
        scores[numbers] += weight * postings.weights / (postings.weights + norm)
    return holders


def _postings(generation: Generation, clause: Clause) -> Postings:
    if clause.prefix:
        return generation.postings("all", _completions(generation, clause))
    return generation.postings("title" if clause.in_title else "all", clause.keys)


def _completions(generation: Generation, clause: Clause) -> set[str]:
    """Give the keys of words that begin like this: as far as keys show it, and by whole titles."""
    keys = generation.keys_from("all", clause.prefix) | set(clause.keys)
    for word in generation.keys_from("head", clause.prefix):
        keys.update(language.any_keys(word))
    return keys


def _excluded(generation: Generation, plan: Plan, visible: Mask) -> Mask:
    excluded = np.zeros(generation.size, np.bool_)
    for clause in plan.without_words:
        excluded[_postings(generation, clause).documents] = True
    for phrase in plan.without_phrases:
        scratch = np.zeros(generation.size, np.float32)
        excluded |= _with_phrase(generation, phrase, visible & ~excluded, scratch)
    return excluded


def _with_phrase(
    generation: Generation, phrase: Phrase, among: Mask, scores: NDArray[np.float32]
) -> Mask:
    """Mark the documents in whose text the words of a phrase stand next to each other."""
    candidates = among.copy()
    for clause in phrase.clauses:
        candidates &= _add(generation, clause, scores)
    numbers = np.flatnonzero(candidates)
    if len(numbers) > MAX_PHRASE_CANDIDATES:
        order = np.argsort(-scores[numbers], kind="stable")
        numbers = numbers[order[:MAX_PHRASE_CANDIDATES]]
    holders = np.zeros(generation.size, np.bool_)
    holders[[n for n in numbers.tolist() if phrase.text in generation.text(n)]] = True
    return holders
