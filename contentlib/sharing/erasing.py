"""Taking a reader's identity out of links, visits, news and touches, at once and for good.

What was read stays as figures of nobody: the ledger has no reader, only the link. The link itself
goes on working, since whoever has it may still be reading.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.db import db
from contentlib.notifications.models import Notification
from contentlib.sharing.models import ShareCode, ShareLink
from contentlib.sharing.public import GONE
from contentlib.sharing.releases import PARTS, UPDATED
from contentlib.sharing.touches.models import MarketingTouch, TouchSplit
from contentlib.sharing.visits.models import Hit, Visit

# What of a request speaks of a person or their device; what only tells machines from people stays.
OF_A_PERSON = ("agent", "network", "language", "referrer", "via", "accept", "said_email")


def erase_reader(link: ShareLink, *, by: User) -> int:
    """Erase who a link was for, in every link to the same person; return in how many.

    The same person is who has the same address or is the same contact.
    """
    links = _links_of_same(link)
    ids = [row.id for row in links]
    email, contact_id = link.recipient_email, link.contact_id
    for row in links:
        row.recipient_name, row.recipient_email, row.contact_id, row.note = "", None, None, ""
        row.allowed = []
    _forget_visits(ids)
    _forget_news(ids)
    _forget_touches(email, contact_id)
    db.session.flush()
    # The entry names nobody, or it would keep what was erased.
    audit.record(Action.READER_ERASED, subject=link, by=by, links=ids)
    return len(ids)


def _links_of_same(link: ShareLink) -> Sequence[ShareLink]:
    same = [ShareLink.id == link.id]
    if link.recipient_email:
        same.append(func.lower(ShareLink.recipient_email) == link.recipient_email.lower())
    if link.contact_id:
        same.append(ShareLink.contact_id == link.contact_id)
    return db.session.scalars(select(ShareLink).where(or_(*same))).all()


def _forget_visits(link_ids: Sequence[int]) -> None:
    db.session.execute(delete(ShareCode).where(ShareCode.link_id.in_(link_ids)))
    visits = db.session.scalars(select(Visit).where(Visit.link_id.in_(link_ids))).all()
    for visit in visits:
        visit.email, visit.visitor = None, f"erased:{visit.id}"
    for hit in db.session.scalars(select(Hit).where(Hit.link_id.in_(link_ids))):
        hit.facts = {name: told for name, told in hit.facts.items() if name not in OF_A_PERSON}
    keys = [f"visit:{visit.id}" for visit in visits]
    for news in db.session.scalars(select(Notification).where(Notification.key.in_(keys))):
        news.facts = news.facts | {"reader": None}


def _forget_news(link_ids: Sequence[int]) -> None:
    """Take whom links were for out of what was told of their materials."""
    of_links = (Notification.key.startswith(f"{GONE}:{number}:") for number in link_ids)
    for news in db.session.scalars(select(Notification).where(or_(*of_links))):
        news.facts = news.facts | {"recipient": ""}
    for news in db.session.scalars(select(Notification).where(Notification.kind == UPDATED)):
        parts = {part: _nameless(news.facts[part], link_ids) for part in PARTS}
        news.facts = news.facts | parts


def _nameless(named: list[dict[str, Any]], link_ids: Sequence[int]) -> list[dict[str, Any]]:
    return [one | {"recipient": ""} if one["link"] in link_ids else one for one in named]


def _forget_touches(email: str | None, contact_id: int | None) -> None:
    if email:
        touch = MarketingTouch
        at_address = func.lower(touch.email) == email.lower()
        db.session.execute(update(touch).where(at_address).values(email=None, person=None))
    if contact_id:
        db.session.execute(delete(TouchSplit).where(TouchSplit.contact_id == contact_id))
