"""A visitor comes by a link: a new visit, or the one that goes on."""

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_token
from contentlib.sharing.models import ShareLink
from contentlib.sharing.visits.bare import keep_bare
from contentlib.sharing.visits.models import Visit
from contentlib.sharing.visits.waking import AT_REST, judge_later

GOES_ON = timedelta(minutes=30)
"""Who comes again within this time goes on with the same visit."""


def arrive(link: ShareLink, *, visitor: str, user_id: int | None = None) -> Visit:
    """Return the visit that somebody begins or goes on with by opening the page of a link."""
    moment = now()
    visit = db.session.scalars(
        select(Visit)
        .where(
            Visit.link_id == link.id, Visit.visitor == visitor, Visit.last_at >= moment - GOES_ON
        )
        .order_by(Visit.id.desc())
    ).first()
    if visit is None:
        visit = Visit(key=new_token(), link_id=link.id, visitor=visitor, user_id=user_id)
        db.session.add(visit)
    visit.last_at = moment
    # Whoever signs in half way is known from then on.
    visit.user_id = user_id or visit.user_id
    if link.is_unrecorded:
        keep_bare(visit)
    db.session.flush()
    judge_later(visit, moment + AT_REST)
    return visit


def visitor_of(address: str, agent: str, *, key: str) -> str:
    """Return what one device at one network has in common for a day, and nobody can trace back."""
    said = f"{now():%Y-%m-%d} {address} {agent}"
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()
