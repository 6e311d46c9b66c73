"""Reading mistyped words as the ones that were meant.

A word is mended when nobody visible has it, in any of its forms, and exactly then: who types a
word that exists gets it. What it is mended to comes from documents the searcher may see, so that
no correction tells of others.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from contentlib.search import language
from contentlib.search.analysis import Clause, Plan
from contentlib.search.engine import Correction
from contentlib.search.facets import Mask
from contentlib.search.generation import Generation
from contentlib.search.kernel import scored

MOST_TRIED = 12
"""Words equally near to the mistyped one that are looked up."""


def mended(
    generation: Generation, plan: Plan, visible: Mask
) -> tuple[Plan, tuple[Correction, ...]]:
    """Replace the words of a query that nothing visible has by the nearest that something has."""
    words = [_mended(generation, clause, visible) for clause in plan.words]
    corrections = tuple(
        Correction(before.word, after.word)
        for before, after in zip(plan.words, words, strict=True)
        if before is not after
    )
    return (replace(plan, words=tuple(words)) if corrections else plan), corrections


def _mended(generation: Generation, clause: Clause, visible: Mask) -> Clause:
    if _holders(generation, clause, visible):
        return clause
    near = generation.nearest(clause.word, unfinished=bool(clause.prefix))
    candidates = _by_use(generation, clause, near, visible)
    if not candidates:
        return clause
    if not clause.prefix:
        return candidates[0]
    # A word that is not finished may become any of them.
    keys = tuple(dict.fromkeys(key for candidate in candidates for key in candidate.keys))
    return replace(candidates[0], keys=keys)


def _by_use(
    generation: Generation, clause: Clause, words: Sequence[str], visible: Mask
) -> list[Clause]:
    """Give the clauses of words that something visible has, the most frequent first."""
    likely = sorted(words, key=lambda word: (-generation.heads_with(word), len(word), word))
    counted = [
        (_holders(generation, candidate, visible), candidate)
        for candidate in (
            replace(clause, word=word, keys=language.any_keys(word), prefix="")
            for word in likely[:MOST_TRIED]
        )
    ]
    counted.sort(key=lambda pair: -pair[0])
    return [candidate for holders, candidate in counted if holders]


def _holders(generation: Generation, clause: Clause, visible: Mask) -> int:
    return int(np.count_nonzero(visible[scored(generation, clause).documents]))
