"""How the revenue of won deals is shared among the content used on them; pure arithmetic.

Credit is bookkeeping, not an effect: it says how booked revenue is divided by a rule, and its sum
is booked revenue, to the cent. Amounts are integers of minor units of one currency.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class WonDeal(NamedTuple):
    """A won deal: its amount in minor units and the distinct assets that touched it."""

    deal_id: int
    amount: int
    assets: Collection[int]


@dataclass(frozen=True)
class Ledger:
    """What each asset is credited with, and what stays without any content.

    `credit` and `touched` map asset to minor units, `deals` maps asset to a number of deals. The
    sum of `credit` and `uncredited` is `booked`; the sum of `touched` is not, since a deal counts
    in full for each asset that touched it.
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


def shares(amount: int, weights: Sequence[Fraction]) -> list[int]:
    """Divide an amount by weights into whole minor units whose sum is the amount.

    Largest remainder (Hamilton): each share is rounded down, and what is left goes, one unit each,
    to the largest fractions; equal fractions go by position. `weights` are not negative and not
    all zero. Raises ValueError otherwise. Source: Balinski and Young, Fair Representation, 1982.
    """
    total = sum(weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative, and not all zero")
    exact = [amount * weight / total for weight in weights]
    whole = [share.__floor__() for share in exact]
    places = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in places[: amount - sum(whole)]:
        whole[place] += 1
    return whole


def linear_unique(deals: Iterable[WonDeal]) -> Ledger:
    """Share each won deal equally among the distinct assets that touched it: v / |S|.

    It equals the simplified Shapley value, so no coalition is ever enumerated. Within a deal the
    units that rounding leaves over go to the lower asset ids, so the order of deals and of touches
    changes nothing. A deal without assets is uncredited. Source: Zhao, Mahboobi and Bagheri,
    Shapley Value Methods for Attribution Modeling in Online Advertising, 2018.
    """
    credit: dict[int, int] = defaultdict(int)
    touched: dict[int, int] = defaultdict(int)
    counts: dict[int, int] = defaultdict(int)
    booked = booked_deals = uncredited = uncredited_deals = 0
    for deal in deals:
        booked += deal.amount
        booked_deals += 1
        if not deal.assets:
            uncredited += deal.amount
            uncredited_deals += 1
            continue
        assets = sorted(deal.assets)
        each, left = divmod(deal.amount, len(assets))
        for place, asset in enumerate(assets):
            credit[asset] += each + (place < left)
            touched[asset] += deal.amount
            counts[asset] += 1
    return Ledger(
        dict(credit),
        dict(touched),
        dict(counts),
        booked,
        booked_deals,
        uncredited,
        uncredited_deals,
    )
