"""Credit added up by what a table has its lines for, and the range over the models."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.credit.journeys import Touches, Whole
from contentlib.reports.credit.sharing import credit, without_content
from contentlib.reports.credit.weights import Model
from contentlib.usage.columns import pairs


@dataclass(frozen=True)
class Ledger:
    """What each line of a table is credited with, and what stays without any content.

    `credit` and `touched` map a line's id to minor units, `deals` to a number of deals. The sum of
    `credit` and `uncredited` is `booked`; the sum of `touched` is not, since a deal counts in full
    for each line that touched it.
    """

    credit: dict[int, int]
    touched: dict[int, int]
    deals: dict[int, int]
    booked: int
    booked_deals: int
    uncredited: int
    uncredited_deals: int

    @property
    def credited(self) -> int:
        """Return the minor units that some content is credited with."""
        return self.booked - self.uncredited

    @property
    def overlap(self) -> Fraction | None:
        """Return touched revenue over booked revenue: how often one real is counted there."""
        return Fraction(sum(self.touched.values()), self.booked) if self.booked else None


@dataclass(frozen=True)
class Span:
    """The least and the most that the models credit a line with, in minor units."""

    low: int
    high: int


def ledger(
    model: Model, amounts: Whole, touches: Touches, by: Whole, shares: Whole | None = None
) -> Ledger:
    """Return credit, deals and touched revenue of each line of a table.

    `by` int64[T] is the line that each touch belongs to: the asset's id, that of its type, of the
    stage, the persona or the team at that moment. Each line with a touch is there, under
    `confirmed` perhaps with a credit of 0. `shares` is the answer of `credit` where it is at hand.
    The other arguments and the errors are those of `credit`.
    """
    shares = credit(model, amounts, touches) if shares is None else shares
    return ledgers({model: shares}, amounts, touches, by)[model]


def ledgers(
    shares: Mapping[Model, Whole], amounts: Whole, touches: Touches, by: Whole
) -> dict[Model, Ledger]:
    """Return the ledger of each of some models, given what each credits the touches with.

    The models differ in credit alone, so that what else a line has is counted once for them all.
    """
    ids, line = np.unique(by, return_inverse=True)
    deal, touching = pairs(touches.deal, line)

    def summed(lines: NDArray[np.integer], values: Whole) -> dict[int, int]:
        sums = np.zeros(len(ids), dtype=np.int64)
        np.add.at(sums, lines, values)
        return dict(zip(ids.tolist(), sums.tolist(), strict=True))

    touched, deals = summed(touching, amounts[deal]), summed(touching, np.ones_like(deal))
    found = {}
    for model, told in shares.items():
        bare = without_content(model, len(amounts), touches)
        found[model] = Ledger(
            credit=summed(line, told),
            touched=touched,
            deals=deals,
            booked=int(amounts.sum()),
            booked_deals=len(amounts),
            uncredited=int(amounts[bare].sum()),
            uncredited_deals=int(bare.sum()),
        )
    return found


def spans(tables: Collection[Mapping[int, int]]) -> dict[int, Span]:
    """Return for each line the range of its credit over the tables of some models.

    A line that a table does not have is credited with 0 there.
    """
    lines = set().union(*tables)
    return {
        line: Span(
            low=min(table.get(line, 0) for table in tables),
            high=max(table.get(line, 0) for table in tables),
        )
        for line in sorted(lines)
    }
