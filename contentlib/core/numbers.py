"""Whole numbers out of addresses and forms, none larger than a database column holds."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class BoundedInteger(IntegerConverter):
    """The `int` of an address; what no row can be numbered by leads to no page."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002 - Werkzeug's word
        super().__init__(map, *args, **({"max": LARGEST} | kwargs))


def whole(text: str) -> int:
    """Read a whole number; raises ValueError for anything that is none or is out of bounds."""
    number = int(text) if len(text) <= len(str(LARGEST)) + 1 else LARGEST + 1
    if abs(number) > LARGEST:
        raise ValueError(f"{text[:30]!r} is out of bounds")
    return number
