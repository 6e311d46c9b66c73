"""How a document is written into PostgreSQL: its keys as a text vector that no dictionary touches.

A key stands at as many positions as it weighs: four for each mention in the title (weight A),
three in tags (B), one in the body (D). So ``ts_rank`` tells its weight, see ``postgres_ranking``.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from contentlib.search import analysis
from contentlib.search.analysis import BODY_WEIGHT, TAG_WEIGHT, TITLE_WEIGHT, Analysed
from contentlib.search.engine import Document
from contentlib.search.postgres_tables import Tables

MOST_POSITIONS = 120
"""Mentions beyond these change no order: their worth is nearly at its bound."""

MOST_BYTES = 900_000
"""PostgreSQL takes a text vector of 1 MiB; of a longer one, the rarest keys are left out."""

AT_ONCE = 500

_INSERT = """
INSERT INTO {document} (id, revision, moment, length, profile, heads, titles, keys, text) VALUES
(%(id)s, %(revision)s, %(moment)s, %(length)s, %(profile)s, %(heads)s::text[],
 %(titles)s::text::tsvector, %(keys)s::text::tsvector, %(text)s)
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
            "titles": vector({k: _places("D" * n) for k, n in analysed.title_keys.items()}),
            "keys": vector(positions(analysed)),
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


def positions(analysed: Analysed) -> dict[str, str]:
    """Give each key its positions, the most frequent keys first."""
    placed = {}
    for key, count in analysed.frequencies.most_common():
        # Of a weight and a number of mentions, the title's known, the tags' and the body's follow.
        title = min(analysed.title_keys.get(key, 0), count)
        besides = analysed.weights[key] - title * TITLE_WEIGHT - (count - title) * BODY_WEIGHT
        tags = max(0, round(besides / (TAG_WEIGHT - BODY_WEIGHT)))
        marks = "A" * round(title * TITLE_WEIGHT) + "B" * round(tags * TAG_WEIGHT)
        placed[key] = _places(marks.ljust(round(analysed.weights[key]), "D"))
    return placed


def _places(marks: str) -> str:
    shown = enumerate(marks[:MOST_POSITIONS], start=1)
    return ",".join(f"{place}{mark}" for place, mark in shown)


def vector(placed: dict[str, str]) -> str:
    """Write keys with their positions as PostgreSQL reads them; keys are letters and digits."""
    parts = []
    left = MOST_BYTES
    for key, places in placed.items():
        left -= len(key.encode()) + 2 * places.count(",") + 8
        if left < 0:
            break
        parts.append(f"'{key}':{places}")
    return " ".join(parts)
