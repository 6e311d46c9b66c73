"""How often the best candidates have the words of a query: what ``ts_rank`` can tell.

``ts_rank`` adds up ``1/1² + 1/2² + … + 1/n²`` (over π²/6) for a key with ``n`` positions of equal
weight. A key stands at as many positions as it weighs, so the sum gives its weight back, and the
score is the same BM25F as everywhere: measured on the judged collections, ``ts_rank``'s own order
with normalisation 1 is 1 to 8 points of nDCG@10 weaker, since it knows no word to be rarer than
another and lets an unfinished sum over several keys be divided by their number.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from contentlib.search.postgres_columns import unpacked
from contentlib.search.postgres_rows import MOST_POSITIONS
from contentlib.search.postgres_tables import Tables

# Reading a long value back from where PostgreSQL keeps it is what costs: so once a document.
_RANKS = """
SELECT string_agg(int4send(number), ''), {columns}
FROM (SELECT number, titles, keys || ''::tsvector AS keys FROM {document}
      WHERE number = ANY(%(numbers)s::integer[]) OFFSET 0) AS candidate
"""
_RANK = (
    "string_agg(float4send(ts_rank(ARRAY[1, 1, 1, 1]::real[], {field}, %({name})s::tsquery)), '')"
)
_SUMS = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, MOST_POSITIONS + 1) ** 2)])
_WHOLE = 1.64493406685


def tsquery(keys: Sequence[str]) -> str:
    """Ask for any of the keys, which are letters and digits."""
    return " | ".join(f"'{key}'" for key in keys)


def weights(
    connection: Connection,
    tables: Tables,
    numbers: NDArray[Any],
    wanted: Sequence[tuple[str, tuple[str, ...]]],
) -> list[NDArray[np.float32]]:
    """Give, for each (field, keys) that is wanted, the weight it has in each of the documents."""
    names = [f"q{place}" for place in range(len(wanted))]
    columns = [
        _RANK.format(field="titles" if field == "title" else "keys", name=name)
        for name, (field, _) in zip(names, wanted, strict=True)
    ]
    statement = tables.sql(_RANKS.replace("{columns}", ", ".join(columns)))
    values: dict[str, Any] = {
        name: tsquery(keys) for name, (_, keys) in zip(names, wanted, strict=True)
    }
    values["numbers"] = numbers.tolist()
    row = connection.exec_driver_sql(statement, values).one()
    told = unpacked(row[0], ">i4")
    order = np.argsort(told)
    place = order[np.searchsorted(told, numbers, sorter=order)]
    return [
        _weight(unpacked(packed, ">f4")[place] * (len(keys) * _WHOLE))
        for packed, (_, keys) in zip(row[1:], wanted, strict=True)
    ]


def _weight(sums: NDArray[Any]) -> NDArray[np.float32]:
    """Undo the sums; more than one key can make is shared out to as few keys as could."""
    keys = np.maximum(np.ceil(sums / _SUMS[-1] - 1e-4), 1)
    each = np.searchsorted(_SUMS, sums / keys * (1 - 1e-6) - 1e-6)
    return (keys * np.minimum(each, MOST_POSITIONS)).astype(np.float32)
