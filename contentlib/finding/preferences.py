"""What speaks for a material besides its words, and what speaks against it.

For it: use, freshness, a standing verification. Against it: that several people call it outdated,
which counts from the moment they say so until somebody has answered them, whatever is set.

The rule, and how little it is worth, is in `contentlib.search.boosts`; here is what it is given.
`CONTENTLIB_SEARCH_BOOSTS` names the parts that count. How much a material was used is the number
of uses of the last ninety days, each worth half as much after thirty, on a scale where the first
uses count most: ``log(1 + uses) / log(1 + most uses of any material)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from time import monotonic

import numpy as np
from flask import current_app

from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.instants import instant
from contentlib.feedback.queries import doubted
from contentlib.finding import queries
from contentlib.library.indexing import document_id
from contentlib.library.standing import Standing, standing_of_label
from contentlib.search import Boosts
from contentlib.usage.ledger import counted
from contentlib.usage.models import Grade

KEPT = "finding.preferences"
WINDOW = timedelta(days=90)
HALF_LIFE = timedelta(days=30)
ANEW_AFTER = 600
"""Seconds for which preferences are kept; nobody notices a use less."""


@dataclass(frozen=True)
class _Kept:
    day: date
    until: float
    boosts: Boosts


def current_boosts(day: date) -> Boosts | None:
    """Return the preferences of this day, or nothing where none is wanted and nothing doubted."""
    settings: Settings = current_app.extensions["settings"]
    warned = frozenset(map(document_id, doubted()))
    if not settings.search_boosts and not warned:
        return None
    kept: _Kept | None = current_app.extensions.get(KEPT)
    if kept is None or kept.day != day or kept.until < monotonic():
        boosts = _boosts(frozenset(settings.search_boosts), day, now())
        kept = current_app.extensions[KEPT] = _Kept(day, monotonic() + ANEW_AFTER, boosts)
    if kept.boosts.doubted != warned:
        changed = replace(kept, boosts=replace(kept.boosts, doubted=warned))
        kept = current_app.extensions[KEPT] = changed
    return kept.boosts


def _boosts(wanted: frozenset[str], day: date, moment: datetime) -> Boosts:
    return Boosts(
        used=used_of_late(moment) if "used" in wanted else {},
        trusted=_verified(day) if "verified" in wanted else frozenset(),
        fresh_at=moment.timestamp() if "fresh" in wanted else None,
    )


def used_of_late(moment: datetime) -> Mapping[str, float]:
    """Return how much each material was used up to a moment, the most used one having 1."""
    events = counted()
    at = instant(moment)
    recent = events.at > at - WINDOW // timedelta(microseconds=1)
    taken = recent & (events.grade >= Grade.TAKEN) & (events.at <= at)
    if not taken.any():
        return {}
    age = (at - events.at[taken]) / (HALF_LIFE // timedelta(microseconds=1))
    uses = np.bincount(events.asset[taken], weights=np.exp2(-age))
    scale = np.log1p(uses) / np.log1p(uses.max())
    return {document_id(asset): float(scale[asset]) for asset in np.flatnonzero(scale).tolist()}


def _verified(day: date) -> frozenset[tuple[str, str]]:
    labels = queries.standing_labels()
    return frozenset(
        ("standing", label)
        for label in labels
        if standing_of_label(label, day) is Standing.VERIFIED
    )
