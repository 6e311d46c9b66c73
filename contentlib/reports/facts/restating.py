"""What is told otherwise of a month that was reported before."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from contentlib.core.db import db
from contentlib.reports.facts.columns import Facts
from contentlib.reports.facts.models import Restatement

Told = dict[int, tuple[int | None, int]]


def restate(month: date, before: Facts, after: Facts) -> None:
    """Write down each deal that counts otherwise than before: its revenue, or what touched it."""
    was, is_now = _told(before), _told(after)
    nothing = (None, 0)
    for deal_id in sorted(was.keys() | is_now.keys()):
        old, new = was.get(deal_id, nothing), is_now.get(deal_id, nothing)
        if old != new:
            db.session.add(
                Restatement(
                    month=month,
                    deal_id=deal_id,
                    before_minor=old[0],
                    after_minor=new[0],
                    touches_before=old[1],
                    touches_after=new[1],
                )
            )


def _told(facts: Facts) -> Told:
    """Return what each deal comes to: its amount if it is won, and how many touches count."""
    counts = np.bincount(facts.touches["deal"][~facts.touches["late"]], minlength=len(facts.deals))
    columns: tuple[NDArray[np.void], ...] = (
        facts.deals["id"],
        facts.deals["won"],
        facts.deals["amount"],
    )
    return {
        deal_id: (amount if won else None, touches)
        for deal_id, won, amount, touches in zip(
            *(column.tolist() for column in columns), counts.tolist(), strict=True
        )
    }
