"""Score a whole index at once: BM25F over posting lists, conditions as boolean arrays.

A document's score is the sum, over the words of the query, of
``idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · length / average length))``, where ``tf`` already
carries the weights of title, tags and body. The keys a word may have count as one word; so do its
alternatives and labels, at a weight of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contentlib.search import boosts, language
from contentlib.search.analysis import ALTERNATIVE_WEIGHT, LABEL_WEIGHT, Clause, Phrase, Plan
from contentlib.search.engine import Boosts, Order
from contentlib.search.facets import Mask, Numbers
from contentlib.search.generation import Generation, Postings, united

K1 = 1.2
B = 0.75

FEW = 40
"""With fewer documents that have all words (two pages), those that have some of them follow."""

MAX_PHRASE_CANDIDATES = 1_000
"""Documents whose text is read to check a phrase; the best by their words come first."""

MAX_EXPANSIONS = 64
"""Words that an unfinished word stands for, at most; more would say nothing any more."""

Shares = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scored:
    """The documents that satisfy a clause, in order, and what it adds to the score of each."""

    documents: Numbers
    shares: Shares

    @property
    def nbytes(self) -> int:
        """Count the memory of both arrays."""
        return self.documents.nbytes + self.shares.nbytes


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that answer a query, in order of their numbers, before anyone's filters."""

    documents: Numbers
    scores: Shares
    relaxed: bool = False


def match(generation: Generation, plan: Plan, visible: Mask) -> Matches:
    """Find the visible documents that a query asks for; too few with all words, then with some."""
    allowed, besides = _allowed(generation, plan, visible)
    wanted = [scored(generation, clause) for clause in plan.words]
    if not wanted:
        documents = np.flatnonzero(allowed)
        return Matches(documents, _sums(besides, documents, generation.size))
    complete = _having_all(wanted, allowed)
    if len(wanted) < 2 or len(complete) >= FEW or all(clause.in_title for clause in plan.words):
        return Matches(complete, _sums([*wanted, *besides], complete, generation.size))
    some = allowed if plan.phrases else _having_some(wanted, allowed)
    documents = np.flatnonzero(some)
    scores = _sums([*wanted, *besides], documents, generation.size)
    return Matches(documents, scores, relaxed=len(documents) > len(complete))


def scored(generation: Generation, clause: Clause) -> Scored:
    """Give the documents that satisfy a clause, and its share of their scores."""
    return generation.kept.get(clause, lambda: _scored(generation, clause))


def boosted(generation: Generation, matches: Matches, given: Boosts | None) -> Matches:
    """Multiply the scores by what is known of the documents besides their words."""
    if given is None:
        return matches
    factors = generation.kept.get(given, lambda: _factors(generation, given))
    return Matches(matches.documents, matches.scores * factors[matches.documents], matches.relaxed)


def best(
    generation: Generation, documents: Numbers, scores: Shares, *, order: Order, count: int
) -> list[tuple[int, float]]:
    """Give the first documents in order: score, then newer, then id; or newer, then score."""
    newest = generation.moments[documents]
    first, second = (newest, scores) if order == "newest" else (scores, newest)
    if len(documents) > count > 0:  # Sorting all of a large answer for its first page is waste.
        threshold = np.partition(first, len(first) - count)[len(first) - count]
        kept = np.flatnonzero(first >= threshold)
        documents, first, second = documents[kept], first[kept], second[kept]
        if len(documents) > 2 * count:  # Many are equal so far: let the second measure choose.
            equal = first == threshold
            missing = count - int((~equal).sum())
            enough = np.partition(second[equal], -missing)[-missing]
            kept = np.flatnonzero(~equal | (second >= enough))
            documents, first, second = documents[kept], first[kept], second[kept]
    numbers = documents.tolist()
    ids = [generation.id(number) for number in numbers]
    ranked = sorted(zip((-first).tolist(), (-second).tolist(), ids, numbers, strict=True))[:count]
    return [(number, -(two if order == "newest" else one)) for one, two, _, number in ranked]


def facet_counts(
    generation: Generation,
    documents: Numbers,
    filters: Mapping[str, Iterable[str]],
    facets: Iterable[str],
) -> dict[str, dict[str, int]]:
    """Count labels, each facet under all filters but its own."""
    passing = {name: passes(generation, documents, name, of) for name, of in filters.items()}
    counts = {}
    for facet in facets:
        left = documents
        others = [mask for name, mask in passing.items() if name != facet]
        if others:
            left = documents[np.logical_and.reduce(others)]
        counts[facet] = generation.facet(facet).counts(left)
    return counts


def passes(generation: Generation, documents: Numbers, facet: str, labels: Iterable[str]) -> Mask:
    """Mark which of the documents carry one of the labels of a facet."""
    column = generation.facet(facet)
    return column.sets_with_any(labels)[column.codes[documents]]


def _scored(generation: Generation, clause: Clause) -> Scored:
    own = _own_postings(generation, clause)
    postings = own
    besides = [
        (found, ALTERNATIVE_WEIGHT)
        for words in clause.alternatives
        if len((found := _with_all(generation, words)).documents)
    ]
    besides += [(_labelled(generation, *label), LABEL_WEIGHT) for label in clause.labels]
    if besides:
        lists = [(own, 1.0), *besides]
        postings = united(
            np.concatenate([found.documents for found, _ in lists]),
            np.concatenate([found.weights * np.float32(weight) for found, weight in lists]),
            generation.size,
        )
    documents = postings.documents
    norm = np.float32(K1) * (
        np.float32(1 - B) + np.float32(B) * generation.relative_lengths[documents]
    )
    # Other words for a thing make it no less telling: how rare it is, its own word says.
    rarity = generation.rarity(len(own.documents) or len(documents))
    shares = np.float32(rarity * (K1 + 1)) * postings.weights / (postings.weights + norm)
    return Scored(documents.astype(np.intp, copy=False), shares)


def _own_postings(generation: Generation, clause: Clause) -> Postings:
    field = "title" if clause.in_title else "all"
    if not clause.prefix:
        return generation.postings(field, clause.keys)
    words = generation.completions(clause.prefix, MAX_EXPANSIONS, only_heads=clause.in_title)
    keys = [*clause.keys, *(key for word in words for key in language.any_keys(word))]
    return generation.postings(field, dict.fromkeys(keys))


def _with_all(generation: Generation, words: Sequence[tuple[str, ...]]) -> Postings:
    """Give the documents that have every word of an alternative, as often as its rarest one."""
    lists = [generation.postings("all", keys) for keys in words]
    documents = lists[0].documents
    for other in lists[1:]:
        documents = np.intersect1d(documents, other.documents, assume_unique=True)
    counts = [one.weights[np.searchsorted(one.documents, documents)] for one in lists]
    return Postings(documents, np.minimum.reduce(counts))


def _labelled(generation: Generation, facet: str, label: str) -> Postings:
    documents = np.flatnonzero(generation.facet(facet).having_any((label,)))
    return Postings(documents, np.ones(len(documents), np.float32))


def _allowed(generation: Generation, plan: Plan, visible: Mask) -> tuple[Mask, list[Scored]]:
    """Mark who keeps to phrases and exclusions, and give what the phrases' words are worth."""
    if not (plan.phrases or plan.without_words or plan.without_phrases):
        return visible, []
    allowed = visible.copy()
    for clause in plan.without_words:
        allowed[scored(generation, clause).documents] = False
    for phrase in plan.without_phrases:
        allowed[_with_phrase(generation, phrase, allowed)] = False
    besides = []
    for phrase in plan.phrases:
        holders = np.zeros(generation.size, np.bool_)
        holders[_with_phrase(generation, phrase, allowed)] = True
        allowed &= holders
        besides += [scored(generation, clause) for clause in phrase.clauses]
    return allowed, besides


def _with_phrase(generation: Generation, phrase: Phrase, among: Mask) -> list[int]:
    """List the documents in whose text the words of a phrase stand next to each other."""
    parts = [scored(generation, clause) for clause in phrase.clauses]
    numbers = _having_all(parts, among)
    if len(numbers) > MAX_PHRASE_CANDIDATES:
        order = np.argsort(-_sums(parts, numbers, generation.size), kind="stable")
        numbers = numbers[order[:MAX_PHRASE_CANDIDATES]]
    return generation.containing(phrase.text, numbers.tolist())


def _having_all(wanted: Sequence[Scored], allowed: Mask) -> Numbers:
    """List the allowed documents that are in every list, beginning with the shortest."""
    shortest, *others = sorted(wanted, key=lambda one: len(one.documents))
    documents = shortest.documents[allowed[shortest.documents]]
    for other in others:
        if not len(documents):
            break
        there = np.zeros(len(allowed), np.bool_)
        there[other.documents] = True
        documents = documents[there[documents]]
    return documents


def _having_some(wanted: Sequence[Scored], allowed: Mask) -> Mask:
    there = np.zeros(len(allowed), np.bool_)
    for one in wanted:
        there[one.documents] = True
    there &= allowed
    return there


def _sums(lists: Sequence[Scored], documents: Numbers, size: int) -> Shares:
    """Add up the shares of each of the documents."""
    scores = np.zeros(size, np.float32)
    for one in lists:
        scores[one.documents] += one.shares
    return scores[documents]


def _factors(generation: Generation, given: Boosts) -> Shares:
    """Work out the rule of ``boosts.factor`` for all documents at once."""
    factors = np.ones(generation.size, np.float32)
    if given.fresh_at is not None:
        age = np.maximum(given.fresh_at - generation.moments, 0)
        factors += np.float32(boosts.FRESH) * np.exp2(-age / boosts.HALF_LIFE).astype(np.float32)
    trusted = np.zeros(generation.size, np.bool_)
    for facet in {facet for facet, _ in given.trusted}:
        labels = [label for name, label in given.trusted if name == facet]
        trusted |= generation.facet(facet).having_any(labels)
    factors[trusted] += np.float32(boosts.TRUSTED)
    for id_, used in given.used.items():
        factors[generation.numbers((id_,))] += np.float32(boosts.USED * min(max(used, 0), 1))
    factors[generation.numbers(given.doubted)] *= np.float32(boosts.DOUBTED)
    return factors
