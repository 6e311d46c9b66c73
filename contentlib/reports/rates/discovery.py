"""Which of many findings stand, when among many some look striking by chance alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def adjusted(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Return Benjamini and Hochberg's adjusted probabilities, q, in the order of the given ones.

    q of the i-th smallest of m probabilities p is the least of p_k · m/k over k ≥ i.
    To take as found all with q ≤ .05 keeps the expected share of false ones among them at or
    below .05, where the findings are independent or depend positively. Equal probabilities get
    equal q; none gives none. Raises ValueError for what is no probability. Source: Benjamini and
    Hochberg, Controlling the False Discovery Rate, 1995.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("probabilities are a row of numbers from 0 to 1")
    order = np.argsort(p)
    raised = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return q
