"""Writing down what came by a link, as it comes and whatever it was."""

from collections.abc import Mapping
from typing import Any

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.bare import OPENINGS
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
) -> None:
    """Keep one request by a link; `facts` say how it was made, see `Hit`.

    Of who objects to being told apart as a reader, an opening is kept without its facts, and
    nothing of what was looked at.
    """
    is_bare = link.is_unrecorded or (visit is not None and visit.is_bare)
    if visit is not None:
        visit.last_at = now()
        judge_later(visit, visit.last_at + AT_REST)
    if not is_bare:
        told = {"position": position, "page": page, "facts": dict(facts)}
        _keep(link, what, visit, **told)
    elif what in OPENINGS:
        _keep(link, what, visit, facts={})
    db.session.flush()


def _keep(link: ShareLink, what: What, visit: Visit | None, **told: Any) -> None:
    visit_id = visit.id if visit else None
    db.session.add(Hit(link_id=link.id, visit_id=visit_id, what=what, **told))
