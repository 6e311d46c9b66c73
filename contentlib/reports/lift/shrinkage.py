"""Estimates drawn towards their common centre, the more the less sure they are."""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
# True differences between assets of more than some tens of points are not expected beforehand.
PRIOR = 0.10
GRID = np.linspace(0, 5 * PRIOR, 501)


def shrink(estimate: Reals, error: Reals) -> Reals:
    """Return the posterior means of the true differences, one for each estimate.

    estimate ~ N(true, error^2), true ~ N(m, t^2), m flat, t half-normal(0.10) and integrated over a
    grid: the mean over t of m_t + t^2/(t^2 + error^2) (estimate - m_t), weighted by the prior of t
    and the likelihood of the estimates with m integrated out. Errors are above zero. Source: Gelman
    et al., Bayesian Data Analysis, third edition, 5.4.
    """
    if not len(estimate):
        return estimate
    spread = GRID[:, np.newaxis] ** 2
    precision = 1 / (error**2 + spread)
    total = precision.sum(axis=1)
    middle = (precision @ estimate) / total
    away = estimate - middle[:, np.newaxis]
    likelihood = np.log(precision).sum(axis=1) - np.log(total) - (precision * away**2).sum(axis=1)
    weight = likelihood / 2 - (GRID / PRIOR) ** 2 / 2
    weight = np.exp(weight - weight.max())
    means = middle[:, np.newaxis] + spread * precision * away
    shrunk: Reals = weight @ means / weight.sum()
    return shrunk
