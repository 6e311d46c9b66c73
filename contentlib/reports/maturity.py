"""From when on deals are too young to be told of by those among them that have closed."""

import numpy as np
from numpy.typing import NDArray


def mature_before(ages: NDArray[np.int64], as_of: int) -> int | None:
    """Return the moment before which deals opened long enough ago; None without a closed deal.

    `ages` are the microseconds that each closed deal took, won or lost, `as_of` and the answer
    microseconds since 1970 in UTC. It is `as_of` less the 95th percentile of the ages: the smallest
    of them with at least 95 % of them at or below it, the ⌈.95 n⌉-th of n in rising order (type 1
    of Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996). A deal that opened at the
    moment itself is too young. Among young deals only those that went quickly have closed.
    """
    if not len(ages):
        return None
    rank = -(-95 * len(ages) // 100)
    return as_of - int(np.partition(ages, rank - 1)[rank - 1])
