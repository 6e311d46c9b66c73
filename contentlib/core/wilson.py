"""How sure one can be of a share that was seen few times; pure."""

from math import sqrt

# The two-sided 95 % point of the normal distribution.
Z = 1.959964


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `part` in `whole`, as two numbers from 0 to 1.

    Wilson's score interval (1927), which stays honest for few cases and near 0 and 1; of no cases
    at all it says that anything is possible. Raises ValueError unless 0 ≤ part ≤ whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if not whole:
        return 0.0, 1.0
    share, weight = part / whole, Z * Z / whole
    middle = share + weight / 2
    half = Z * sqrt(share * (1 - share) / whole + weight / (4 * whole))
    # At either end the bound is the end itself; the arithmetic would miss it by a hair.
    low = (middle - half) / (1 + weight) if part else 0.0
    high = (middle + half) / (1 + weight) if part < whole else 1.0
    return low, high
