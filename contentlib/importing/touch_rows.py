"""Rows of marketing touches: what somebody did with a campaign, as another system tells it."""

from collections.abc import Mapping

from contentlib.accounts.service import normal_email
from contentlib.importing.context import Context
from contentlib.importing.models import Result
from contentlib.importing.values import read_moment
from contentlib.sharing.touches.service import note_touch

RESULTS = {"new": Result.CREATED, "changed": Result.CHANGED, "known": Result.SAME}


def take(cells: Mapping[str, str], context: Context) -> Result:
    """Write a touch down, or correct the one that is known by its number."""
    here = context.terms
    told = read_moment(
        cells["occurred_at"], field="occurred_at", zone=here.zone, brazilian=here.brazilian
    )
    email = cells.get("email", "")
    row, how = note_touch(
        source=cells["source"][:60],
        external_id=cells["external_id"],
        email=normal_email(email) if email else None,
        person=cells.get("person", "")[:120] or None,
        kind=cells.get("kind", ""),
        title=cells["title"],
        occurred_at=told.moment,
    )
    if how == "new":
        context.made("touch", row.id)
    return RESULTS[how]
