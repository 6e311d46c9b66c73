"""Steps that an undo takes back, in a form that can be kept with the row of the import."""

from datetime import datetime
from typing import Any

from contentlib.core.db import Base
from contentlib.deals.models import Deal


def set_step(deal: Deal, field: str, old: Any, new: Any) -> list[Any]:
    """Return the step by which a fact of a deal changed."""
    return ["set", "deal", deal.id, field, kept(old), kept(new)]


def kept(value: Any) -> Any:
    """Return a fact as it is kept: rows by their number, moments as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Base):
        return value.id  # type: ignore[attr-defined]
    return value
