"""The closed deals that a report of revenue is about, with the touches that count there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contentlib.deals.models import Outcome
from contentlib.reports.credit import Touches
from contentlib.reports.facts import Facts, closed_between
from contentlib.reports.facts.columns import Mask, Rows
from contentlib.reports.revenue_scope import Scope
from contentlib.usage.columns import paired
from contentlib.usage.models import Grade


@dataclass(frozen=True)
class Touched:
    """Closed deals and their counting touches, as `facts.columns` has them."""

    deals: Rows
    touches: Rows

    @property
    def amounts(self) -> NDArray[np.int64]:
        """Return what each deal comes to, in minor units."""
        return self.deals["amount"]

    @cached_property
    def shared_among(self) -> Touches:
        """Return the touches as credit knows them."""
        rows = self.touches
        deal, asset, at, event = (
            rows[name].astype(np.int64) for name in ("deal", "asset", "at", "event")
        )
        return Touches(deal, asset, at=at, id=event, helped=rows["helped"])


def touched_in(scope: Scope, *outcomes: Outcome) -> Touched:
    """Return the deals of the scope that closed in one of some ways, as they are now."""
    period = scope.period
    facts = closed_between(period.start, period.end, zone=period.zone, outcomes=outcomes)
    facts = facts.where(_chosen(facts.deals, scope))
    return Touched(facts.deals, facts.touches[_counting(facts, scope.grade)])


def _chosen(deals: Rows, scope: Scope) -> Mask:
    chosen: Mask = deals["currency"] == scope.currency.encode()
    for name, wanted in (("team", scope.team), ("pipeline", scope.pipeline)):
        if wanted:
            chosen &= deals[name] == wanted
    if scope.size:
        chosen &= deals["size"] == scope.size.encode()
    return chosen


def _counting(facts: Facts, grade: int) -> Mask:
    """Return which touches have enough grade and were not recorded after the outcome.

    A confirmation says of an earlier use that it helped. It is a touch of its own, at the close,
    only where there is no other of that asset.
    """
    touches = facts.touches
    counting: Mask = (touches["grade"] >= grade) & ~touches["late"]
    pair = paired(touches["deal"], touches["asset"])
    confirmed = touches["grade"] == Grade.CONFIRMED
    return counting & ~(confirmed & np.isin(pair, pair[counting & ~confirmed]))
