"""What the typical asset seems to do in like situations, and by how much such estimates err."""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
# The quantile of the distance from the middle within which 60 % of a normal distribution lie.
SHARE, DISTANCE = 0.6, 0.8416
ASSETS = 15
HALVINGS = 60


@dataclass(frozen=True)
class Calibration:
    """The estimate of the typical asset, the extra spread of estimates, the centre's variance.

    All are zero where there are fewer than `ASSETS` assets: no typical one can be told.
    """

    centre: float
    extra: float
    variance: float


def calibrate(estimate: Reals, error: Reals) -> Calibration:
    """Return centre and extra spread of the estimates of at least 15 assets, by their errors.

    The centre m is the median weighted by 1/error^2. The extra spread s solves
    quantile_0.6(|estimate - m| / sqrt(error^2 + s^2)) = 0.8416, as it were for a normal
    distribution, and is 0 where the left side is below already: the outer assets, which may do
    something, do not widen it. The variance of m is pi/2 sum of w^2 (error^2 + s^2), w the weights
    normalised. Source: Schuemie et al., Empirical Confidence Interval Calibration, PNAS 2018, who
    calibrate to controls known to do nothing.
    """
    if len(estimate) < ASSETS:
        return Calibration(0.0, 0.0, 0.0)
    weight = error**-2 / (error**-2).sum()
    centre = weighted_median(estimate, weight)
    distance = np.abs(estimate - centre)
    low, high = 0.0, float(distance.max()) / DISTANCE
    if np.quantile(distance / error, SHARE) <= DISTANCE:
        high = 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        wide = np.quantile(distance / np.hypot(error, middle), SHARE) > DISTANCE
        low, high = (middle, high) if wide else (low, middle)
    variance = pi / 2 * float((weight**2 * (error**2 + high**2)).sum())
    return Calibration(centre, high, variance)


def weighted_median(values: Reals, weights: Reals) -> float:
    """Return the value below and above which half the weight lies; of two such their mean."""
    order = np.argsort(values)
    until = np.cumsum(weights[order])
    low, high = np.searchsorted(until, until[-1] / 2 * np.array([1 - 1e-12, 1 + 1e-12]))
    return float(values[order][[low, high]].mean())
