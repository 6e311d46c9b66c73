"""What this buyer has read by the links of a deal: people only, whatever else came by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from contentlib.deals.models import Deal
from contentlib.sharing.visits.queries import Reading, machines_on, readings_of


@dataclass(frozen=True)
class Readings:
    """What was read, the latest first, and how many visits were no person's."""

    rows: Sequence[Reading] = ()
    machines: int = 0

    @classmethod
    def of(cls, deal: Deal) -> Self:
        """Return what is known of a deal."""
        return cls(readings_of(deal), machines_on(deal))

    @property
    def reader(self) -> str:
        """Return the one who read it all by first name; empty where they are several."""
        names = {row.reader for row in self.rows}
        return (names.pop() or "").partition(" ")[0] if len(names) == 1 else ""

    @property
    def assets(self) -> frozenset[int]:
        """Return what was read, by id."""
        return frozenset(row.asset.id for row in self.rows)
