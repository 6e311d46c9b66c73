"""How a document is written into PostgreSQL: its keys as text vectors that no dictionary touches.

PostgreSQL's index of a text vector tells which documents have a key, and no more: for weights, it
would have to read every vector back. So a weight is part of what is indexed. A key that weighs more
than 1 stands there twice, plain and with its weight: ``preco`` and ``preco~4``, weights between the
levels counting as the one below.
"""

import bisect
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from contentlib.search import analysis
from contentlib.search.engine import Document
from contentlib.search.postgres.tables import Tables

LEVELS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 19, 24, 32, 48)
"""Weights that are told apart: 4 for a mention in the title, 3 in tags, 1 in the body, added up."""

MOST_BYTES = 900_000
"""PostgreSQL takes a text vector of 1 MiB; of a longer one, the lightest keys are left out."""

AT_ONCE = 500

_INSERT = """
INSERT INTO {document} (id, revision, moment, length, profile, heads, titles, keys, text) VALUES
(%(id)s, %(revision)s, %(moment)s, %(length)s, %(profile)s, %(heads)s::text[],
 array_to_tsvector(%(titles)s::text[]), array_to_tsvector(%(keys)s::text[]), %(text)s)
"""
_DELETE = """
WITH old AS (DELETE FROM {document} WHERE id = ANY(%(ids)s::text[]) RETURNING number, heads),
     noted AS (INSERT INTO {gone} (number, change) SELECT number, %(change)s FROM old),
     fewer AS (SELECT head, count(*) AS n FROM old, unnest(heads) AS head GROUP BY head)
UPDATE {word} SET heads = {word}.heads - fewer.n FROM fewer WHERE {word}.word = fewer.head
"""
_WORDS = """
INSERT INTO {word} (word, heads) SELECT * FROM unnest(%(words)s::text[], %(heads)s::integer[])
ON CONFLICT (word) DO UPDATE SET heads = {word}.heads + excluded.heads WHERE excluded.heads > 0
"""
_PROFILES = """
INSERT INTO {profile} (labels) SELECT given FROM unnest(%(labels)s::text[]) AS given
WHERE NOT EXISTS (SELECT FROM {profile} WHERE md5(labels) = md5(given))
"""
_KNOWN = """
SELECT labels, number FROM {profile}
WHERE md5(labels) IN (SELECT md5(given) FROM unnest(%(labels)s::text[]) AS given)
"""


class Writing:
    """Puts documents into the tables of an index, within a transaction of somebody else."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables
        self._profiles: dict[str, int] = {}
        self._words: Counter[str] = Counter()

    def delete(self, ids: Iterable[str], change: int) -> None:
        """Take documents out, and note for those who remember them that they are gone."""
        self._run(_DELETE, ids=list(ids), change=change)

    def insert(self, documents: Iterable[Document]) -> Iterator[int]:
        """Write documents that are not there, some at a time; give how many each time."""
        remaining = iter(documents)
        while some := list(islice(remaining, AT_ONCE)):
            rows = [self._row(document) for document in some]
            self._number_profiles([row["profile"] for row in rows])
            for row in rows:
                row["profile"] = self._profiles[row["profile"]]
            self._connection.exec_driver_sql(self._tables.sql(_INSERT), rows)
            yield len(some)

    def finish(self) -> None:
        """Write what was counted on the way."""
        words = sorted(self._words)
        self._run(_WORDS, words=words, heads=[self._words[word] for word in words])

    def _row(self, document: Document) -> dict[str, Any]:
        analysed = analysis.analyse(document)
        self._words.update(dict.fromkeys(analysed.words, 0))
        self._words.update(analysed.heads)
        return {
            "id": document.id,
            "revision": document.revision,
            "moment": document.moment,
            "length": analysed.length,
            "profile": labels_of(document),
            "heads": sorted(analysed.heads),
            "titles": list(analysed.title_keys),
            "keys": terms(analysed.weights),
            "text": analysed.text,
        }

    def _number_profiles(self, labels: Sequence[str]) -> None:
        new = [one for one in dict.fromkeys(labels) if one not in self._profiles]
        if new:
            self._run(_PROFILES, labels=new)
            self._profiles.update(map(tuple, self._run(_KNOWN, labels=new)))

    def _run(self, statement: str, **values: Any) -> Any:
        return self._connection.exec_driver_sql(self._tables.sql(statement), values)


def labels_of(document: Document) -> str:
    """Give who may find a document and its facets: the same text for all that share them."""
    facets = {name: sorted(set(labels)) for name, labels in sorted(document.facets.items())}
    # Plain letters only: PostgreSQL's texts cannot hold everything that a label can.
    return json.dumps([sorted(set(document.access)), facets])


def terms(weights: Mapping[str, float]) -> list[str]:
    """Give what is indexed of keys with these weights, within what a text vector can hold."""
    found = []
    left = MOST_BYTES
    for key in sorted(weights, key=lambda key: -weights[key]):
        below = bisect.bisect_right(LEVELS, weights[key])
        found += [key, level(key, LEVELS[below - 1])] if below else [key]
        left -= 2 * len(key.encode()) + 16
        if left < 0:
            break
    return found


def level(key: str, weight: int) -> str:
    """Name a key that has a weight; keys are letters and digits, so no other key is named so."""
    return f"{key}~{weight}"
