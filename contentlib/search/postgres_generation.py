"""An index in PostgreSQL at one moment, answering what the kernel asks of a generation.

Which documents have a word, PostgreSQL's index of keys tells; conditions, filters, counts and the
order of the answer are worked out by the same kernel as over Whoosh's files. Weights are dear here,
so the kernel first scores by rarity alone, and the best candidates are then weighed.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from contentlib.search import kernel
from contentlib.search.analysis import ALTERNATIVE_WEIGHT, LABEL_WEIGHT, Clause, Plan
from contentlib.search.facets import Column, Mask
from contentlib.search.generation import Generation
from contentlib.search.postgres_columns import Columns, unpacked
from contentlib.search.postgres_ranking import tsquery, weights
from contentlib.search.segment import Postings
from contentlib.search.vocabulary import SHORTEST_MENDED, Vocabulary

MOST_WEIGHED = 5_000
"""Candidates that are weighed: those with the rarest words, with words in titles, the newest."""

IN_TITLE = 0.8
"""What part of a word's rarity a mention in the title is worth more, to choose candidates by."""

_HOLDERS = "SELECT string_agg(int4send(number), '') FROM {document} WHERE %s @@ %%(keys)s::tsquery"
_BEGINNING = """
SELECT word FROM {word} WHERE word >= %(start)s AND word < %(end)s AND heads >= %(least)s
ORDER BY heads DESC, length(word), word LIMIT %(most)s
"""
_HEADS_BEGINNING = _BEGINNING.replace("AND heads >=", "AND heads > 0 AND heads >=")
_LIKE = """
SELECT word, heads FROM {word}
WHERE word >= %(start)s AND word < %(end)s AND length(word) BETWEEN %(shortest)s AND %(longest)s
ORDER BY word
"""
_CONTAINING = """
SELECT number FROM {document}
WHERE number = ANY(%(numbers)s::integer[]) AND position(%(text)s IN text) > 0 ORDER BY number
"""
_REVISIONS = "SELECT id, revision FROM {document}"


class PostgresGeneration(Generation):
    """Columns from memory, words from a connection that sees the same state of the index."""

    def __init__(self, columns: Columns, connection: Connection) -> None:
        self._columns = columns
        self._connection = connection
        self.size = len(columns.ids)
        self.live = columns.live
        self.moments = columns.moments
        self.kept = columns.kept
        self._heads: dict[str, int] = {}

    @property
    def relative_lengths(self) -> NDArray[np.float32]:  # type: ignore[override]
        """Say that all are alike, until candidates are weighed."""
        even: NDArray[np.float32] = self.kept.get(
            "even lengths", lambda: np.ones(self.size, np.float32)
        )
        return even

    def visible(self, access: frozenset[str], withheld: Iterable[str]) -> Mask:
        """Mark the documents that exist for somebody who carries these labels."""
        columns = self._columns
        mask = columns.visible.get(access, lambda: self.live & columns.access.having_any(access))
        hidden = self.numbers(withheld)
        if hidden:
            mask = mask.copy()
            mask[hidden] = False
        return mask

    def facet(self, name: str) -> Column:
        """Give a facet's labels."""
        return self._columns.facet(name)

    def postings(self, field: str, keys: Iterable[str]) -> Postings:
        """Give where any of the keys occurs, each document alike."""
        asked = tuple(keys)
        held: Postings = self.kept.get(("postings", field, asked), lambda: self._read(field, asked))
        return held

    def completions(self, prefix: str, most: int, *, only_heads: bool = False) -> list[str]:
        """Give words that begin with a prefix: first what many titles and tags have."""
        statement = _HEADS_BEGINNING if only_heads else _BEGINNING
        least = 1 if only_heads else 0
        end = prefix + "\U0010ffff"
        found: list[str] = self.kept.get(
            ("completions", prefix, most, only_heads),
            lambda: list(
                self._run(statement, start=prefix, end=end, least=least, most=most).scalars()
            ),
        )
        return found

    def nearest(self, word: str, *, unfinished: bool) -> list[str]:
        """Give the words that a mistyped one may have been meant to be."""
        if len(word) < SHORTEST_MENDED or not word.isalpha():
            return []
        shortest = max(SHORTEST_MENDED, len(word) - (1 if unfinished else 2))
        longest = 24 if unfinished else len(word) + 2
        start, end = word[0], chr(ord(word[0]) + 1)
        rows = self._run(_LIKE, start=start, end=end, shortest=shortest, longest=longest).all()
        self._heads.update(map(tuple, rows))
        words = Vocabulary([like for like, _ in rows], {})
        return sorted(near for _, near in words.nearest(word, unfinished=unfinished))

    def heads_with(self, word: str) -> int:
        """Count the titles and tags that have a word which was just found to be near."""
        return self._heads.get(word, 0)

    def rarity(self, occurrences: int) -> float:
        """Give the inverse document frequency, deleted documents left out."""
        return math.log(max(int(self.live.sum()), 1) / (occurrences + 1)) + 1

    def containing(self, text: str, numbers: Sequence[int]) -> list[int]:
        """List which of these documents have a text among their words."""
        return list(self._run(_CONTAINING, text=text, numbers=list(numbers)).scalars())

    def id(self, number: int) -> str:
        """Give the id of a document."""
        return self._columns.ids[number]

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Give the numbers of those of the ids that are here, in their order."""
        found = (self._columns.numbers.get(id_, 0) for id_ in ids)
        return [number for number in found if self.live[number]]

    def revisions(self) -> Iterator[tuple[str, int]]:
        """List id and revision of every document."""
        return iter([(id_, revision) for id_, revision in self._run(_REVISIONS)])

    def weighed(
        self, plan: Plan, documents: NDArray[np.intp], scores: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Score the likeliest documents by the weights of their words, and leave 0 to the rest."""
        clauses = [*plan.words, *(clause for phrase in plan.phrases for clause in phrase.clauses)]
        if not clauses or not len(documents):
            return scores
        chosen = self._likeliest(clauses, documents, scores)
        better = np.zeros(len(documents), np.float32)
        better[chosen] = self._scores(clauses, documents[chosen])
        return better

    def _likeliest(
        self, clauses: Sequence[Clause], documents: NDArray[np.intp], scores: NDArray[np.float32]
    ) -> NDArray[np.intp]:
        if len(documents) <= MOST_WEIGHED:
            return np.arange(len(documents))
        likely = np.zeros(self.size, np.float32)
        likely[documents] = scores
        for clause in clauses:
            _, keys = kernel.own_keys(self, clause)
            titled = self.postings("title", keys).documents
            likely[titled] += IN_TITLE * self.rarity(len(titled))
        order = np.lexsort((-self.moments[documents], -likely[documents]))
        return order[:MOST_WEIGHED]

    def _scores(
        self, clauses: Sequence[Clause], documents: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Give the scores of candidates as the kernel gives them to all where weights are cheap."""
        wanted = [kernel.own_keys(self, clause) for clause in clauses]
        wanted += [
            ("all", keys) for clause in clauses for other in clause.alternatives for keys in other
        ]
        asked = list(dict.fromkeys(wanted))
        told = weights(self._connection, self._columns.tables, documents, asked)
        weight_of = dict(zip(asked, told, strict=True))
        lengths = self._columns.relative_lengths[documents]
        total = np.zeros(len(documents), np.float32)
        for clause in clauses:
            own = kernel.own_keys(self, clause)
            weight = weight_of[own].copy()
            for other in clause.alternatives:
                least = np.minimum.reduce([weight_of["all", keys] for keys in other])
                weight += np.float32(ALTERNATIVE_WEIGHT) * least
            for facet, label in clause.labels:
                weight[self.facet(facet).having_any((label,))[documents]] += LABEL_WEIGHT
            holders = len(self.postings(*own).documents)
            rarity = self.rarity(holders or len(kernel.scored(self, clause).documents))
            total += kernel.shares(weight, lengths, rarity)
        return total

    def _read(self, field: str, keys: Sequence[str]) -> Postings:
        statement = _HOLDERS % ("titles" if field == "title" else "keys")
        packed = self._run(statement, keys=tsquery(keys)).scalar()
        documents = np.sort(unpacked(packed, ">i4")).astype(np.intp)
        return Postings(documents, np.ones(len(documents), np.float32))

    def _run(self, statement: str, **values: Any) -> Any:
        return self._connection.exec_driver_sql(self._columns.tables.sql(statement), values)
