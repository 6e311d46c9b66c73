"""The like-for-like win rate of every asset, from the facts to the sentence."""

import numpy as np

from contentlib.reports.lift.facts import Deals, Uses, Visits, check
from contentlib.reports.lift.first_uses import first_uses, ordered
from contentlib.reports.lift.judgement import judge
from contentlib.reports.lift.reading import read
from contentlib.reports.lift.rows import rows_of
from contentlib.reports.lift.verdicts import Lift, verdicts


def lift(deals: Deals, visits: Visits, uses: Uses, *, as_of: int) -> list[Lift]:
    """Return the like-for-like win rate of each asset with a use, by asset.

    Rows holding the first use of an asset on a deal are compared with rows of deals that had not
    used it, in the same stratum of seller, stage, days in the stage and size of the company, by a
    joint fit of all assets; see fit, variance, calibration and judgement. It is done twice, with
    and without the uses that were recorded after the outcome. `as_of` is a moment in microseconds
    since 1970 in UTC. Whatever is not closed and old enough by then is left out, and so are deals
    without stays, stays without length and uses after the close. Raises ValueError where columns
    differ in length or name a deal that is not there. Source: Mantel and Haenszel, Statistical
    Aspects of the Analysis of Data from Retrospective Studies, 1959; Greenland and Robins,
    Estimation of a Common Effect Parameter from Sparse Follow-Up Data, Biometrics 1985.
    """
    check(deals, visits, uses)
    ids = np.unique(uses.asset)
    rows = rows_of(deals, visits, as_of)
    use = ordered(rows, deals, uses, ids)
    reading = read(rows, first_uses(rows, use, late=True), len(ids))
    first = second = judge(reading)
    if use.late.any():
        second = judge(read(rows, first_uses(rows, use, late=False), len(ids)))
    rate = float(rows.won.mean()) if len(rows.won) else 0.5
    return verdicts(ids.tolist(), reading, first, second, rate)
