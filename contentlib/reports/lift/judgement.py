"""Which assets stand out from the typical one, as one reading of the uses has it."""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from contentlib.core.proportion import Z
from contentlib.reports.lift.calibration import ASSETS, calibrate
from contentlib.reports.lift.reading import Reading
from contentlib.reports.lift.shrinkage import shrink
from contentlib.reports.rates.discovery import adjusted

Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]
DISCOVERIES = 0.05
LEAST = 0.02
WIDEST = 0.15


@dataclass(frozen=True)
class Judgement:
    """Of each asset: whether it has a number to show, the number, half its interval, shrunk.

    `estimate` is the difference from the typical asset, as a fraction. `higher` and `lower` say
    that it stands out.
    """

    shown: Mask
    estimate: Reals
    half: Reals
    shrunk: Reals
    higher: Mask
    lower: Mask


def judge(reading: Reading) -> Judgement:
    """Compare each asset with the typical one; where there is no typical one, none stands out.

    An asset stands out if Benjamini and Hochberg's q of its calibrated z is at most .05, the
    interval of its own estimate excludes 0 on the same side, the shrunk difference is at least two
    points, and it has a number at all: half an interval of 15 points at the most.
    """
    estimate, half, shrunk, q, own = np.full((5, len(reading.error)), np.nan)
    sure = np.flatnonzero(np.isfinite(reading.error))
    raw, error = reading.estimate[sure], reading.error[sure]
    usual = calibrate(raw, error)
    calibrated = np.hypot(error, usual.extra)
    wide = np.sqrt(calibrated**2 + usual.variance)
    estimate[sure] = raw - usual.centre
    half[sure] = Z * wide
    shrunk[sure] = shrink(estimate[sure], calibrated)
    q[sure] = discoveries(estimate[sure] / wide)
    own[sure] = np.sign(raw) * (np.abs(raw) > Z * error)
    shown = half <= WIDEST
    clear = shown & (q <= DISCOVERIES) & (len(sure) >= ASSETS)
    higher = clear & (estimate > 0) & (own > 0) & (shrunk >= LEAST)
    lower = clear & (estimate < 0) & (own < 0) & (shrunk <= -LEAST)
    return Judgement(shown, estimate, half, shrunk, higher, lower)


def discoveries(z: Reals) -> Reals:
    """Return the q of each z, two-sided: of the findings with it and less, so many are false."""
    return adjusted([erfc(abs(one) / sqrt(2)) for one in z.tolist()])
