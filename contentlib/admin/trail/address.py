"""Which entries are asked for, as it stands in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from contentlib.admin.trail.words import AREAS
from contentlib.audit import Action
from contentlib.core.instants import instant, moment_of
from contentlib.core.numbers import whole

LAST_INSTANT = 2**62
YEARS = (1970, 2200)


@dataclass(frozen=True)
class Wanted:
    """Filters, and the entry after which older ones are asked for."""

    person: int | None = None
    area: str = ""
    action: Action | None = None
    kind: str = ""
    number: int | None = None
    first: date | None = None
    last: date | None = None
    before: tuple[datetime, str] | None = None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Read an address; what cannot be read asks for nothing in particular."""
        what = values.get("what", "")
        return cls(
            person=_number(values.get("person", "")),
            area=what if what in AREAS else "",
            action=Action(what) if what in set(Action) else None,
            kind=values.get("kind", "")[:40],
            number=_number(values.get("number", "")),
            first=_day(values.get("from", "")),
            last=_day(values.get("to", "")),
            before=_place(values.get("before", "")),
        )

    @property
    def what(self) -> str:
        """Return the choice of actions as it stands in the address."""
        return self.action.value if self.action else self.area

    @property
    def narrows(self) -> bool:
        """Tell whether any filter is set."""
        return any((self.person, self.what, self.kind, self.first, self.last))

    def values(self, **other: Any) -> dict[str, Any]:
        """Return the parts of the address, with some of them otherwise."""
        own = {
            "person": self.person,
            "what": self.what or None,
            "kind": self.kind or None,
            "number": self.number,
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
        }
        return own | other


def place_of(at: datetime, entry_id: str) -> str:
    """Write the place of an entry, after which older ones follow."""
    return f"{instant(at)}-{entry_id}"


def _place(text: str) -> tuple[datetime, str] | None:
    microseconds, _, entry_id = text.partition("-")
    number = _number(microseconds)
    if number is None or not entry_id:
        return None
    try:
        return moment_of(number), entry_id[:36]
    except OverflowError:
        return None


def _number(text: str) -> int | None:
    try:
        number = whole(text)
    except ValueError:
        return None
    return number if 0 < number < LAST_INSTANT else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    # At the ends of time no zone has an hour left.
    return day if YEARS[0] <= day.year <= YEARS[1] else None
