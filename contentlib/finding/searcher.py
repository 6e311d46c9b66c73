"""Who searches, on which day of the firm: all that decides what exists for them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement

from contentlib.accounts.models import Role
from contentlib.library.standing import visible_to


@dataclass(frozen=True)
class Searcher:
    """Somebody of a role, on a day."""

    role: Role
    day: date

    def may_find(self) -> ColumnElement[bool]:
        """Return the condition under which a material exists for them."""
        return visible_to(self.role, self.day)
