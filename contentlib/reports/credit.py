"""How the revenue of won deals is shared among the content used on them; pure arithmetic.

Credit is bookkeeping, not an effect: it says how booked revenue is divided by a rule, and its sum
is booked revenue, to the cent. Amounts are integers of minor units of one currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class WonDeals:
    """Won deals and the distinct assets that touched them.

    `amounts`, one for each deal, are minor units. `deal` and `asset`, one for each pair of a deal
    and an asset that touched it, are the deal's place in `amounts` and the asset's id; no pair
    stands there twice.
    """

    amounts: NDArray[np.int64]
    deal: NDArray[np.int64]
    asset: NDArray[np.int64]


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


def linear_unique(won: WonDeals) -> Ledger:
    """Share each won deal equally among the distinct assets that touched it: v / |S|.

    It equals the simplified Shapley value, so no coalition is ever enumerated. Within a deal the
    units that rounding leaves over go to the lower asset ids, so the order of deals and of touches
    changes nothing. A deal without assets is uncredited. Raises OverflowError where the amounts
    together are more than 64 bits hold. Source: Zhao, Mahboobi and Bagheri, Shapley Value Methods
    for Attribution Modeling in Online Advertising, 2018.
    """
    if sum(map(abs, won.amounts.tolist())) > np.iinfo(np.int64).max:
        raise OverflowError("the amounts of these deals cannot be added up")
    order = np.lexsort((won.asset, won.deal))
    deal, asset = won.deal[order], won.asset[order]
    sharing = np.bincount(deal, minlength=len(won.amounts))
    rank = np.arange(len(deal)) - (np.cumsum(sharing) - sharing)[deal]
    each, left = np.divmod(won.amounts[deal], sharing[deal])
    bare = sharing == 0
    return Ledger(
        credit=_summed(asset, each + (rank < left)),
        touched=_summed(asset, won.amounts[deal]),
        deals=_summed(asset, np.ones(len(asset), dtype=np.int64)),
        booked=int(won.amounts.sum()),
        booked_deals=len(won.amounts),
        uncredited=int(won.amounts[bare].sum()),
        uncredited_deals=int(bare.sum()),
    )


def _summed(assets: NDArray[np.int64], values: NDArray[np.int64]) -> dict[int, int]:
    """Return the sum of the values of each asset."""
    ids, place = np.unique_inverse(assets)
    sums = np.zeros(len(ids), dtype=np.int64)
    np.add.at(sums, place, values)
    return dict(zip(ids.tolist(), sums.tolist(), strict=True))
