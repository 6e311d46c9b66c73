"""Moments as whole microseconds since 1970 in UTC, for what counts them by the million."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

NOT_YET = 2**63 - 1
"""As a moment: after any that 64 bits can tell."""
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def instant(moment: datetime) -> int:
    """Return a moment as microseconds."""
    return (moment - _ORIGIN) // _STEP


def moment_of(microseconds: int) -> datetime:
    """Return the moment that microseconds stand for."""
    return _ORIGIN + microseconds * _STEP


class Instant(FunctionElement[int]):
    """A column of moments, told by the database as microseconds without losing one."""

    type = BigInteger()
    inherit_cache = True


@compiles(Instant)
def _on_postgresql(element: Instant, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(EPOCH FROM {moment}) * 1000000 AS BIGINT)"


@compiles(Instant, "sqlite")
def _on_sqlite(element: Instant, compiler: Any, **options: Any) -> str:
    """Count whole seconds and the microseconds after them: SQLite itself rounds to thousandths."""
    moment = compiler.process(element.clauses, **options)
    seconds = f"CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({moment}, 21) AS INTEGER))"
