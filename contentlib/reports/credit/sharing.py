"""The revenue of won deals shared among their touches by a model, to the cent."""

from collections.abc import Collection

import numpy as np

from contentlib.reports.credit.journeys import Journeys, Mask, Touches, Whole, in_order
from contentlib.reports.credit.remainder import divided
from contentlib.reports.credit.weights import Model, by_place, confirmed, decayed

LARGEST_SUM = 2.0**62


def credit(model: Model, amounts: Whole, touches: Touches) -> Whole:
    """Return what each touch is credited with, in minor units: v * w_j / Σw in whole units.

    `amounts` int64[D] are the won deals in minor units of one currency, zero and negative ones
    too. The result int64[T] has a place for each touch, so that it may be summed by asset, type,
    stage, person or team alike: each such table and the deals `without_content` are booked
    revenue, to the cent. Models that share among assets (linear_unique, confirmed) put a share on
    the asset's first touch of the deal.

    The weights are those of `by_place`, `decayed` and `confirmed`. A deal is divided by largest
    remainder; equal fractions go to the earlier touch (at, then id), so the order in which deals
    and touches are given changes nothing. linear_unique is the simplified Shapley value, so no
    coalition is ever enumerated.

    Raises ValueError where a touch is of no deal, OverflowError where the amounts together are
    more than 2^62 or, under decay, a deal has more than two million touches. Source: Zhao,
    Mahboobi and Bagheri, Shapley Value Methods for Attribution Modeling in Online Advertising,
    2018.
    """
    return credits_by([model], amounts, touches)[model]


def credits_by(models: Collection[Model], amounts: Whole, touches: Touches) -> dict[Model, Whole]:
    """Return `credit` by each of some models; the touches are put in order only once."""
    if np.abs(amounts.astype(np.float64)).sum() > LARGEST_SUM:
        raise OverflowError("the amounts of these deals cannot be added up")
    order, journeys = in_order(touches, len(amounts))
    found = {}
    for model in models:
        found[model] = np.empty(len(touches), dtype=np.int64)
        weights = _weights(model, touches, order, journeys)
        found[model][order] = divided(amounts, weights, journeys.offsets)
    return found


def _weights(model: Model, touches: Touches, order: Whole, journeys: Journeys) -> Whole:
    if model is Model.DECAY:
        return decayed(touches.at[order], journeys)
    if model is Model.CONFIRMED:
        return confirmed(touches.helped[order], journeys)
    return by_place(model, journeys)


def without_content(model: Model, deals: int, touches: Touches) -> Mask:
    """Return which of so many deals are uncredited: no touch, or under confirmed none that helped.

    Shape bool[D].
    """
    counting = touches.deal[touches.helped > 0] if model is Model.CONFIRMED else touches.deal
    return np.bincount(counting, minlength=deals) == 0
