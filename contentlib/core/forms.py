"""What every form needs: the options of a list."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectChoice


def options(labels: Mapping[Any, Any], *, empty: Any = None) -> list[SelectChoice]:
    """Return the choices of a select field from values and labels, an empty one first if named."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(value), label) for value, label in labels.items())]
