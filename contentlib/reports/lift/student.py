"""Quantiles of Student's t distribution."""

from math import lgamma, pi, tan
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
TINY = 1e-300
# The fraction converges in far fewer terms where it is used, below the mean of the distribution.
TERMS = 300
HALVINGS = 45


def student_quantile(level: float, freedom: Reals) -> Reals:
    """Return the quantile at a level of Student's t with some degrees of freedom, one at least.

    `level` lies above one half and below one; `freedom` has any shape, so has the result. The tail
    beyond t is half the regularised incomplete beta function at f/(f+t^2) with f/2 and 1/2; it is
    inverted by halving between the quantiles of the normal (f infinite) and of Cauchy's (f = 1),
    within 1e-7. Raises ValueError where level or degrees are not so. Source: Abramowitz and
    Stegun, Handbook of Mathematical Functions, 26.7.1.
    """
    if not 0.5 < level < 1 or not (freedom >= 1).all():
        raise ValueError("a quantile needs a level above one half and one degree of freedom")
    low = np.full(freedom.shape, NormalDist().inv_cdf(level))
    high = np.full(freedom.shape, tan(pi * (level - 0.5)))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        beyond = incomplete_beta(freedom / (freedom + middle**2), freedom / 2, 0.5) / 2
        low = np.where(beyond > 1 - level, middle, low)
        high = np.where(beyond > 1 - level, high, middle)
    return (low + high) / 2


def incomplete_beta(x: Reals, a: Reals, b: float) -> Reals:
    """Return the regularised incomplete beta function I_x(a, b), for x above 0 and below 1.

    The continued fraction converges fast below the mean (a+1)/(a+b+2), and beyond it that of
    1 - I_(1-x)(b, a) does. Source: NIST Digital Library of Mathematical Functions, 8.17.4, 8.17.22.
    """
    beyond = x > (a + 1) / (a + b + 2)
    first, second = np.where(beyond, b, a), np.where(beyond, a, b)
    place = np.where(beyond, 1 - x, x)
    gammas = [lgamma(one + b) - lgamma(one) - lgamma(b) for one in a.ravel().tolist()]
    front = np.array(gammas).reshape(a.shape) + a * np.log(x) + b * np.log1p(-x)
    value = np.exp(front) / (first * _fraction(place, first, second))
    return np.where(beyond, 1 - value, value)


def _fraction(x: Reals, a: Reals, b: Reals) -> Reals:
    """Return the continued fraction 1 + d1/(1 + d2/(1 + ...)) by the method of Lentz."""
    value, above, below = np.ones_like(x), np.ones_like(x), np.zeros_like(x)
    for term in range(1, TERMS):
        half = term // 2
        if term % 2:
            part = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            part = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        below = 1 + part * below
        below = 1 / np.where(below == 0, TINY, below)
        above = 1 + part / above
        above = np.where(above == 0, TINY, above)
        value = value * above * below
        if np.abs(above * below - 1).max(initial=0) < 1e-13:
            break
    return value
