"""Values of rows as JSON, the same from every database and back into every database.

What JSON has no word for is an object of one name: a moment (`at`, in UTC), a day, bytes, or JSON
itself (`json`), which a column holds.
"""

import base64
from datetime import UTC, date, datetime
from typing import Any

Plain = None | bool | int | float | str | dict[str, Any]


def plain(value: Any) -> Plain:
    """Turn a value of a column into JSON; raises ``TypeError`` for what no column here holds."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {"at": aware.astimezone(UTC).isoformat(timespec="microseconds")}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, (dict, list)):
        return {"json": value}
    raise TypeError(f"no column holds a {type(value).__name__}")


def value_of(told: Plain, *, aware: bool) -> Any:
    """Turn it back; ``aware`` says whether the database keeps moments with their zone."""
    if not isinstance(told, dict):
        return told
    ((kind, value),) = told.items()
    if kind == "at":
        moment = datetime.fromisoformat(value)
        return moment if aware else moment.astimezone(UTC).replace(tzinfo=None)
    if kind == "day":
        return date.fromisoformat(value)
    if kind == "bytes":
        return base64.b64decode(value)
    if kind == "json":
        return value
    raise ValueError(f"{kind} is no kind of value")
