"""How good what a method said is, set beside the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from tests.simulation.firm import Floats

# A flag is false where the truth is less than a point above the typical asset, and what has power
# to find should find what is at least two points above it: the least that may be flagged.
FALSE_BELOW = 0.01
FOUND_FROM = 0.02


@dataclass(frozen=True)
class Said:
    """What a method said of the assets of one world; arrays with one place an asset.

    Where it gave no number, `estimate`, `low` and `high` are not numbers, and `flag` is not set.
    """

    truth: Floats
    estimate: Floats
    low: Floats
    high: Floats
    flag: NDArray[np.bool_]


@dataclass(frozen=True)
class Score:
    """Figures of a method over some worlds; fractions, not a number where there is none.

    `silent` is the share of assets without a number, `numbers` how many have one; `rank` is the
    mean over the worlds of Spearman's correlation with the truth; `false` are flags on assets that
    are not better; `quiet` is the share of worlds without any flag.
    """

    worlds: int
    numbers: int
    silent: float
    coverage: float
    bias: float
    rmse: float
    rank: float
    flags: int
    false: int
    power: float
    quiet: float


def score(worlds: Sequence[Said]) -> Score:
    """Judge what was said of all worlds together."""
    truth, estimate, low, high, flag = (
        np.concatenate([getattr(said, name) for said in worlds])
        for name in ("truth", "estimate", "low", "high", "flag")
    )
    given = ~np.isnan(estimate)
    error = (estimate - truth)[given]
    return Score(
        worlds=len(worlds),
        numbers=int(given.sum()),
        silent=_mean(~given),
        coverage=_mean(((low <= truth) & (truth <= high))[given]),
        bias=_mean(error),
        rmse=float(np.sqrt(_mean(error**2))),
        rank=_mean(np.array([one for one in map(_rank, worlds) if one is not None])),
        flags=int(flag.sum()),
        false=int((flag & (truth < FALSE_BELOW)).sum()),
        power=_mean(flag[truth >= FOUND_FROM]),
        quiet=_mean(np.array([not said.flag.any() for said in worlds])),
    )


def _rank(said: Said) -> float | None:
    """Correlate ranks; none where fewer than three assets have a number, or all are equal."""
    given = ~np.isnan(said.estimate)
    truth, estimate = said.truth[given], said.estimate[given]
    if len(np.unique(truth)) < 2 or len(np.unique(estimate)) < 2 or len(truth) < 3:
        return None
    return float(np.corrcoef(rankdata(truth), rankdata(estimate))[0, 1])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
