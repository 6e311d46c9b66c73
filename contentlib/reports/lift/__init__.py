"""The like-for-like win rate: how deals that used an asset ended beside others in like situations.

Pure arithmetic on arrays; docs/numbers.md tells the method and the reasons for it.
"""

from contentlib.reports.lift.facts import Deals, Uses, Visits
from contentlib.reports.lift.report import lift
from contentlib.reports.lift.verdicts import Lift, Verdict

__all__ = ["Deals", "Lift", "Uses", "Verdict", "Visits", "lift"]
