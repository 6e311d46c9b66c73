"""Credit by the letter of its definition: slow, in fractions, one deal after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from contentlib.reports.credit import Model, Touches

DAY = 24 * 3600 * 10**6
CURVES = {
    Model.U: (Fraction(4, 10), Fraction(4, 10), Fraction(2, 10)),
    Model.J: (Fraction(2, 10), Fraction(6, 10), Fraction(2, 10)),
    Model.INVERSE_J: (Fraction(6, 10), Fraction(2, 10), Fraction(2, 10)),
}


@dataclass(frozen=True)
class Touch:
    """One touch; a seller's mark is the same on all touches of an asset and a deal."""

    deal: int
    asset: int
    at: int
    id: int
    helped: int


@dataclass(frozen=True)
class Won:
    """Amounts of won deals, and the touches of all of them in any order."""

    amounts: list[int]
    touches: list[Touch]

    def columns(self) -> tuple[np.ndarray, Touches]:
        """Return what the models take."""
        columns = [[getattr(t, name) for t in self.touches] for name in Touch.__annotations__]
        *ids, helped = columns
        numbers = [np.array(column, dtype=np.int64) for column in ids]
        return np.array(self.amounts, dtype=np.int64), Touches(
            *numbers, np.array(helped, dtype=np.int8)
        )

    def of(self, deal: int) -> list[Touch]:
        """Return the touches of a deal in order."""
        found = [touch for touch in self.touches if touch.deal == deal]
        return sorted(found, key=lambda touch: (touch.at, touch.id))


@st.composite
def won(draw: st.DrawFn, most_deals: int = 8, most_touches: int = 30) -> Won:
    """Draw won deals; few assets and moments, so that ties and repeated touches are the rule."""
    sizes = st.integers(-(10**15), 10**15) | st.integers(-5, 200)
    amounts = draw(st.lists(sizes, min_size=1, max_size=most_deals))
    touch = st.tuples(
        st.integers(0, len(amounts) - 1), st.integers(0, 6), st.integers(0, 900), st.booleans()
    )
    drawn = draw(st.lists(touch, max_size=most_touches))
    marks = draw(st.lists(st.sampled_from([0, 0, 1, 2]), min_size=49, max_size=49))
    ids = draw(st.permutations(range(len(drawn))))
    touches = [
        Touch(deal, asset, day // 30 * 30 * DAY if round_ else day * DAY, id_, mark)
        for (deal, asset, day, round_), id_ in zip(drawn, ids, strict=True)
        for mark in [marks[(deal * 7 + asset) % 49]]
    ]
    return Won(amounts, touches)


def weights(model: Model, touches: Sequence[Touch]) -> list[Fraction]:
    """Return the weights of a deal's touches in order."""
    places = range(len(touches))
    first_of_asset = [
        touch.asset not in {earlier.asset for earlier in touches[:place]}
        for place, touch in enumerate(touches)
    ]
    match model:
        case Model.LINEAR:
            return [Fraction(1)] * len(touches)
        case Model.LINEAR_UNIQUE:
            return [Fraction(int(first)) for first in first_of_asset]
        case Model.FIRST:
            return [Fraction(int(place == 0)) for place in places]
        case Model.LAST:
            return [Fraction(int(place == len(touches) - 1)) for place in places]
        case Model.CONFIRMED:
            return [
                Fraction(touch.helped * first)
                for touch, first in zip(touches, first_of_asset, strict=True)
            ]
        case Model.DECAY:
            ages = [(touches[-1].at - touch.at) / (30 * DAY) for touch in touches]
            return [Fraction(round(float(np.exp2(-age)) * 2**40), 2**40) for age in ages]
    return _curve(*CURVES[model], len(touches))


def _curve(first: Fraction, last: Fraction, between: Fraction, count: int) -> list[Fraction]:
    if count <= 2:
        return [[], [Fraction(1)], [first, last]][count]
    return [first, *[between / (count - 2)] * (count - 2), last]


def shares(amount: int, weights: Sequence[Fraction]) -> list[int]:
    """Divide an amount by weights, some positive, by largest remainder; ties by position."""
    if amount < 0:
        return [-share for share in shares(-amount, weights)]
    total = sum(weights)
    exact = [amount * weight / total for weight in weights]
    whole = [share.__floor__() for share in exact]
    places = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in places[: amount - sum(whole)]:
        whole[place] += 1
    return whole


def credit(model: Model, deals: Won) -> dict[int, int]:
    """Return the credit of each touch by its event id."""
    found = {touch.id: 0 for touch in deals.touches}
    for deal, amount in enumerate(deals.amounts):
        touches = deals.of(deal)
        by_model = weights(model, touches)
        if any(by_model):
            parts = shares(amount, by_model)
            found |= {touch.id: part for touch, part in zip(touches, parts, strict=True)}
    return found
