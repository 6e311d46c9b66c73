"""Answers of the database as arrays of numbers, by the million."""

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select

from contentlib.core.db import db

CHUNK = 50_000


def whole_numbers(statement: Select[*tuple[Any, ...]]) -> NDArray[np.int64]:
    """Return the rows of a statement, all of whose columns are whole numbers or truth values.

    The result has a row for each row and a column for each column. The driver's own rows are
    read: to make a million others of them takes far longer than the answer itself.
    """
    width = len(statement.selected_columns)
    parts = [np.zeros((0, width), dtype=np.int64)]
    with db.session.connection().execute(statement) as result:
        cursor: Any = result.cursor
        while rows := cursor.fetchmany(CHUNK):
            numbers = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
            parts.append(numbers.reshape(-1, width))
    return np.concatenate(parts)
