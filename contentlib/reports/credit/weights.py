"""The rules by which a deal is shared among its touches, each as a weight for every touch."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from contentlib.reports.credit.journeys import Journeys, Whole

HALF_LIFE = 30 * 24 * 3600 * 10**6
# A weight of 1 in the units in which decayed weights are whole.
DECAY_UNIT = 2**40


class Model(StrEnum):
    """The models that share each deal by itself."""

    LINEAR_UNIQUE = "linear_unique"
    LINEAR = "linear"
    FIRST = "first"
    LAST = "last"
    U = "u"
    J = "j"
    INVERSE_J = "inverse_j"
    DECAY = "decay"
    CONFIRMED = "confirmed"


# First, last and all between together, in fifths.
CURVES = {Model.U: (2, 2, 1), Model.J: (1, 3, 1), Model.INVERSE_J: (3, 1, 1)}
BY_PLACE = (
    Model.FIRST,
    Model.LAST,
    Model.LINEAR,
    Model.LINEAR_UNIQUE,
    Model.U,
    Model.J,
    Model.INVERSE_J,
)


def by_place(model: Model, journeys: Journeys) -> Whole:
    """Return the weight of each touch by the models that know only which touch came when.

    Of a deal with touches p_1 … p_L on the set S of assets, as whole numbers in proportion:

    - linear: 1/L each; linear_unique: 1/|S| on the first touch of each asset, 0 on later ones;
    - first, last: 1 on p_1 or p_L;
    - u, j, inverse_j: .4/.4/.2, .2/.6/.2, .6/.2/.2 on first, last and all between together, which
      share equally; of two touches first and last in that proportion, and all on an only one.

    Raises ValueError for a model that needs more than the order. Source: docs/numbers.md; u is the
    position-based model of Google Analytics, and linear_unique is told of at `credit`.
    """
    if model in CURVES:
        return _curve(*CURVES[model], journeys)
    if model is Model.LINEAR_UNIQUE:
        return journeys.firsts().astype(np.int64)
    weights = np.zeros(len(journeys.states), dtype=np.int64)
    if model is Model.LINEAR:
        weights[:] = 1
    elif model is Model.FIRST:
        weights[journeys.starts] = 1
    elif model is Model.LAST:
        weights[journeys.ends] = 1
    else:
        raise ValueError(f"{model} needs more than the order of touches")
    return weights


def _curve(first: int, last: int, between: int, journeys: Journeys) -> Whole:
    """Return the weights, multiplied by the number of touches between so that they are whole."""
    weights = np.full(len(journeys.states), between, dtype=np.int64)
    inner = np.maximum(journeys.lengths[journeys.lengths > 0] - 2, 1)
    # An only touch is first and last: whatever its weight, it has everything.
    weights[journeys.starts] = first * inner
    weights[journeys.ends] = last * inner
    return weights


def decayed(at: Whole, journeys: Journeys) -> Whole:
    """Return weights that halve every 30 days before the last touch, in whole 2^-40ths.

    2^(-(t_close - t_j) / h) in proportion to 2^(-(t_close - t_L) / h) is 2^(-(t_L - t_j) / h): the
    time of the close falls out. `at` holds the times in the order of the journeys. A touch more
    than 41 half-lives before the last weighs nothing.
    """
    last = np.zeros(len(journeys.lengths), dtype=np.int64)
    last[journeys.lengths > 0] = at[journeys.ends]
    age = journeys.of_deals(last) - at
    return np.rint(np.exp2(-age / HALF_LIFE) * DECAY_UNIT).astype(np.int64)


def confirmed(helped: NDArray[np.int8], journeys: Journeys) -> Whole:
    """Return 1 for each asset that helped and 2 for a decisive one, on its first touch so marked.

    `helped` holds the marks in the order of the journeys.
    """
    return np.where(journeys.firsts(helped > 0), helped, 0).astype(np.int64)
