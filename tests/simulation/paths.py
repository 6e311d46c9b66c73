"""What happens to deals as long as they are open, followed on even after they close.

Momentum m returns to the quality q of the deal within weeks, dm = (q − m)/20 dt + 0.22 dW; progress
x moves by it, dx = pace·(0.7 + 0.5 m) dt, within 0 and 1, back as well as forth. The hazards a day
are

    won:  0.024 · exp( 0.6 m + s + L) · σ((x − 0.8) / 0.06)
    lost: (0.018 · exp(−0.6 m − s/2 + 0.1 z) + 0.03 · σ((age − 180) / 15)) · exp(−L/2)

with s the seller's skill that day, z the logarithm of the company's size, L the sum of the effects
of the assets used so far, and σ the logistic function. Steps are half a day. A path does not end
where its deal closes: what would have come after is needed for what an asset changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.simulation.choices import Choosing
from tests.simulation.firm import STEP, Firm, Floats, Ints

# Three hundred days: what is still open then is written off.
STEPS = 600
RETURN_DAYS = 20
UNREST = 0.22
# Deals followed at once; more would leave the processor's cache.
TOGETHER = 5_000

Single = NDArray[np.float32]


@dataclass(frozen=True)
class Paths:
    """Paths of some deals; arrays of hazards and progress have a row a step, a column a deal.

    The arrays of uses have one place a use: `deal` is a column, `first` tells whether the deal had
    not used the asset before.
    """

    deals: Ints
    won: Single
    lost: Single
    progress: Single
    deal: Ints
    step: Ints
    asset: Ints
    first: NDArray[np.bool_]


def followed(firm: Firm, rng: Generator) -> Iterator[Paths]:
    """Follow all deals of a firm, some thousands at a time."""
    for start in range(0, len(firm.openings.opened), TOGETHER):
        places = np.arange(start, min(start + TOGETHER, len(firm.openings.opened)))
        yield _Walk(firm, places, rng).to_the_end()


class _Walk:
    """Deals on their way: the state that each step changes."""

    def __init__(self, firm: Firm, deals: Ints, rng: Generator) -> None:
        openings, sellers = firm.openings, firm.sellers
        self.deals, self.rng = deals, rng
        self.opened, self.pace = openings.opened[deals], openings.pace[deals]
        self.size, self.quality = openings.size[deals], openings.quality[deals]
        self.skill = sellers.skill[openings.seller[deals]]
        self.hired = sellers.hired[openings.seller[deals]]
        self.learning = firm.scenario.learning
        spread = UNREST * np.sqrt(RETURN_DAYS / 2)
        self.momentum = self.quality + rng.normal(0, spread, len(deals))
        self.progress = np.zeros(len(deals))
        self.choosing = Choosing(firm, deals, rng)

    def to_the_end(self) -> Paths:
        shape = (STEPS, len(self.deals))
        won, lost, progress = (np.empty(shape, np.float32) for _ in range(3))
        uses = []
        for step in range(STEPS):
            experience = self._experience(step)
            uses.append(self.choosing.uses(step * STEP, self.momentum, self.progress, experience))
            progress[step] = self.progress
            won[step], lost[step] = self._hazards(step, experience)
            self._move()
        steps = np.repeat(np.arange(STEPS), [len(deal) for deal, _asset, _first in uses])
        deal, asset, first = (np.concatenate(parts) for parts in zip(*uses, strict=True))
        return Paths(self.deals, won, lost, progress, deal, steps, asset, first)

    def _experience(self, step: int) -> Floats:
        """Give how much of what there is to learn each deal's seller knows by now, 0 to 1."""
        return 1 - np.exp(-np.maximum(self.opened + step * STEP - self.hired, 0) / 200)

    def _hazards(self, step: int, experience: Floats) -> tuple[Floats, Floats]:
        able = self.skill + self.learning * (experience - 0.7)
        pull = 0.6 * self.momentum
        lift = self.choosing.lift
        ready = _logistic((self.progress - 0.8) / 0.06)
        worn_out = 0.03 * _logistic(np.array((step * STEP - 180) / 15))
        won = 0.024 * np.exp(pull + able + lift) * ready
        lost = 0.018 * np.exp(-pull - able / 2 + 0.1 * self.size) + worn_out
        return won, lost * np.exp(-lift / 2)

    def _move(self) -> None:
        noise = self.rng.normal(0, UNREST * np.sqrt(STEP), len(self.deals))
        self.momentum += (self.quality - self.momentum) * STEP / RETURN_DAYS + noise
        self.progress += self.pace * (0.7 + 0.5 * self.momentum) * STEP
        np.clip(self.progress, 0, 1, out=self.progress)


def _logistic(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-value))
