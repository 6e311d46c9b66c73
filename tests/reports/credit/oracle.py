"""Credit by the letter of its definition: slow, in fractions, one deal after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

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


def random_won(seed: int) -> Won:
    """Return won deals of all sizes with few assets, so that touches repeat and tie."""
    chance = Random(seed)
    size, last_day, step = chance.choice([9, 200, 10**15]), chance.choice([0, 60, 900]), DAY // 7
    amounts = [chance.randint(-size, size) for _ in range(chance.randint(1, 6))]
    marks = {(deal, asset): chance.choice([0, 0, 1, 2]) for deal in range(6) for asset in range(7)}
    count = chance.choice([0, 3, 12, 30])
    touches = []
    for id_ in chance.sample(range(count), count):
        deal, asset = chance.randrange(len(amounts)), chance.randrange(7)
        at = chance.randint(0, last_day) * step
        touches.append(Touch(deal, asset, at, id_, marks[deal, asset]))
    return Won(amounts, touches)


# Drawn by their seed: a search that prefers small things rarely meets a deal that is hard to share.
won = st.integers(0, 2**32).map(random_won)


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
