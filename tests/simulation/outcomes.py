"""How and when deals close, and what each asset truly changed.

The estimand. For each asset: the mean, over the deals that used it and the moment of its first use,
of the chance of finally winning from there, less the chance had that use done nothing and all else
been the same — the way the deal went, and the other content before, with and after. It is less the
same figure of the typical asset, which is the median of all assets weighted by the deals that used
them, since the reports compare with the typical asset.

Both chances are computed on one path, that of the deal itself and what would have come after its
close: with hazards w and l, ∫ w exp(−∫ w + l). A path carries no trace of the close, which is drawn
apart, so the future on it is a fair draw of the future of a deal that is open at that moment; no
outcome is drawn for either chance, so both share all randomness there is.
"""

import numpy as np
from numpy.random import Generator

from tests.simulation.firm import STEP, Firm, Floats, Ints
from tests.simulation.paths import STEPS, Paths


def closes(paths: Paths, rng: Generator) -> tuple[Ints, np.ndarray]:
    """Draw for each deal the step in which it closes, and whether it is won.

    A deal that stays open for all steps is written off in the last one.
    """
    hazard = np.cumsum((paths.won + paths.lost) * STEP, axis=0, dtype=np.float64)
    patience = rng.exponential(size=hazard.shape[1])
    step = np.minimum((hazard < patience).sum(axis=0), STEPS - 1)
    column = np.arange(hazard.shape[1])
    share = paths.won[step, column] / (paths.won[step, column] + paths.lost[step, column])
    decided = hazard[-1] >= patience
    return step, decided & (rng.random(len(step)) < share)


def changes(firm: Firm, paths: Paths, happened: np.ndarray) -> tuple[Floats, Ints]:
    """Sum what each asset changed over its first uses, and count these; `happened` marks uses."""
    effects = firm.assets.effect
    first = happened & paths.first
    count = np.bincount(paths.asset[first], minlength=len(effects))
    total = np.zeros(len(effects))
    for asset in np.flatnonzero(effects):
        uses = first & (paths.asset == asset)
        won, lost = (
            _from_the_use(hazards, paths.deal[uses], paths.step[uses])
            for hazards in (paths.won, paths.lost)
        )
        without = _chance(won * np.exp(-effects[asset]), lost * np.exp(effects[asset] / 2))
        total[asset] = (_chance(won, lost) - without).sum()
    return total, count


def _from_the_use(hazards: np.ndarray, deal: Ints, step: Ints) -> Floats:
    """Give a column for each use, with no hazard before it."""
    later = np.arange(STEPS)[:, None] >= step
    return np.where(later, hazards[:, deal], 0.0) * STEP


def _chance(won: Floats, lost: Floats) -> Floats:
    """Give each column's chance of being won, its hazards being constant within a step."""
    either = won + lost
    still_open = np.exp(np.cumsum(-either, axis=0) + either)
    share = np.divide(won, either, out=np.zeros_like(either), where=either > 0)
    return (still_open * -np.expm1(-either) * share).sum(axis=0)
