"""Every model on aggregated paths: conversions and values as numbers with decimals."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from contentlib.reports.credit.journeys import Whole
from contentlib.reports.credit.markov import Paths, Real, removal_effects, shares, summed
from contentlib.reports.credit.weights import BY_PLACE, by_place

MARKOV = "markov"
COLUMNS = ("model", "name", "conversions", "value")


@dataclass(frozen=True)
class Credit:
    """What each state is credited with by a model: conversions, and the value of them."""

    conversions: Real
    value: Real


def credit_paths(paths: Paths, states: int) -> dict[str, Credit]:
    """Return the credit of each state by every model that paths allow, Markov last.

    Each column of each model adds up to that column of the paths, but for the rounding of floats;
    nothing is rounded to whole units, as the file's numbers are taken as they are. A repeated
    touch counts as a touch, and once for linear_unique, whose share is value / |S|. Decay needs
    times and confirmed needs marks, which paths do not have. By Markov, shares are those of
    `removal_effects`; without a conversion it credits nothing. Shapes: float64[states] twice.
    Raises ValueError as `removal_effects` does, and where a path is empty, since its conversions
    would be nobody's.
    """
    if (paths.journeys.lengths == 0).any():
        raise ValueError("a path is empty")
    effects = removal_effects(paths, states)
    found = {
        model.value: _by_place(paths, by_place(model, paths.journeys), states) for model in BY_PLACE
    }
    found[MARKOV] = Credit(
        shares(effects.conversions) * paths.conversions.sum(),
        shares(effects.value) * paths.value.sum(),
    )
    return found


def _by_place(paths: Paths, weights: Whole, states: int) -> Credit:
    journeys = paths.journeys
    some = np.flatnonzero(weights)
    deal, state = journeys.deal[some], journeys.states[some]
    share = weights[some] / np.bincount(deal, weights[some])[deal]
    return Credit(
        summed(state, share * paths.conversions[deal], states),
        summed(state, share * paths.value[deal], states),
    )


def credit_rows(
    names: list[str], models: dict[str, Credit]
) -> Iterator[tuple[str, str, float, float]]:
    """Yield model, name, conversions and value, a line for each model and name."""
    for model, credit in models.items():
        columns = credit.conversions.tolist(), credit.value.tolist()
        for name, conversions, value in zip(names, *columns, strict=True):
            yield model, name, conversions, value
