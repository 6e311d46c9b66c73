"""Writing down what came by a link, as it comes and whatever it was."""

from collections.abc import Mapping
from typing import Any

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.models import Hit, Visit, What
from contentlib.sharing.visits.waking import AT_REST, judge_later


def note_hit(
    link: ShareLink,
    what: What,
    *,
    visit: Visit | None = None,
    position: int | None = None,
    page: int | None = None,
    facts: Mapping[str, Any],
) -> Hit:
    """Keep one request by a link; `facts` say how it was made, see `Hit`."""
    hit = Hit(
        link_id=link.id,
        visit_id=visit.id if visit else None,
        what=what,
        position=position,
        page=page,
        facts=dict(facts),
    )
    db.session.add(hit)
    if visit is not None:
        visit.last_at = now()
        judge_later(visit, visit.last_at + AT_REST)
    db.session.flush()
    return hit
