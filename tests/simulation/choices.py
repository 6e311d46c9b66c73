"""How sellers choose content while a deal is open."""

import numpy as np
from numpy.random import Generator

from tests.simulation.firm import KIT, STEP, Firm, Floats, Ints
from tests.simulation.scenarios import ASSETS

# Assets used a day by a seller of usual attention, whether one by one or in kits.
USES = 0.1
# An asset belongs to a part of the way; this is how wide the part is.
PHASE = 0.25
# What was used on the deal already is chosen again half as often.
AGAIN = -0.7


class Choosing:
    """Sellers at work on some deals: what they have used so far, and what it changed.

    On an occasion one asset is chosen with odds that multiply, and with some chance others of its
    kit. `lift` is the sum of the effects of the assets used so far, one for each deal.
    """

    def __init__(self, firm: Firm, deals: Ints, rng: Generator) -> None:
        self.firm, self.rng = firm, rng
        self.seller = firm.openings.seller[deals]
        self.size = firm.openings.size[deals]
        self.quality = firm.openings.quality[deals]
        self.opened = firm.openings.opened[deals]
        self.lift = np.zeros(len(deals))
        self.used = np.zeros((len(deals), ASSETS), np.bool_)

    def uses(
        self, age: float, momentum: Floats, progress: Floats, experience: Floats
    ) -> tuple[Ints, Ints, np.ndarray]:
        """Draw the uses of a step as deals, assets, and whether the asset was new to the deal."""
        chance = 1 - np.exp(-STEP * self._occasions(momentum))
        rows = np.flatnonzero(self.rng.random(len(self.lift)) < chance)
        odds = self._odds(rows, age, momentum[rows], progress[rows], experience[rows])
        chosen = self._with_kit(self._drawn(odds))
        fresh = chosen & ~self.used[rows]
        self.used[rows] |= chosen
        self.lift[rows] += fresh @ self.firm.assets.effect
        place, asset = np.nonzero(chosen)
        return rows[place], asset, fresh[place, asset]

    def _occasions(self, momentum: Floats) -> Floats:
        """Give occasions a day: sellers differ, and what moves is worked on more."""
        usual = USES / (1 + (KIT - 1) * self.firm.scenario.together)
        if self.firm.scenario.at_random:
            return np.full(len(momentum), usual)
        return usual * self.firm.sellers.attention[self.seller] * np.exp(0.2 * momentum)

    def _odds(
        self, rows: Ints, age: float, momentum: Floats, progress: Floats, experience: Floats
    ) -> Floats:
        """Give the odds of each asset, a row for each occasion."""
        assets, seller = self.firm.assets, self.seller[rows]
        if self.firm.scenario.at_random:
            return np.exp(np.broadcast_to(assets.popularity, (len(rows), ASSETS)))
        reasons = (
            assets.popularity
            + self.firm.sellers.habit[seller]
            - ((progress[:, None] - assets.phase) / PHASE) ** 2 / 2
            + np.outer(momentum, assets.by_momentum)
            + np.outer(self.quality[rows], assets.by_quality)
            + np.outer(self.size[rows], assets.by_size)
            + np.outer(experience - 0.7, assets.by_experience)
            + AGAIN * self.used[rows]
        )
        there = assets.published <= (self.opened[rows] + age)[:, None]
        return np.exp(reasons) * there

    def _drawn(self, odds: Floats) -> Ints:
        total = np.cumsum(odds, axis=1)
        mark = self.rng.random((len(odds), 1)) * total[:, -1:]
        return (total <= mark).sum(axis=1)

    def _with_kit(self, chosen: Ints) -> np.ndarray:
        kit = self.firm.assets.kit
        mates = kit[chosen][:, None] == kit
        also = mates & (self.rng.random(mates.shape) < self.firm.scenario.together)
        also[np.arange(len(chosen)), chosen] = True
        return also
