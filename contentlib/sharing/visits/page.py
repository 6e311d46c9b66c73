"""What a page of readings shows: what buyers read and did, in one order, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contentlib.accounts.models import User
from contentlib.deals.models import Contact, Deal, Outcome
from contentlib.sharing.models import ShareLink
from contentlib.sharing.touches.matching import Matched
from contentlib.sharing.touches.queries import splits_of, touches_of
from contentlib.sharing.unsent import unsent_on
from contentlib.sharing.visits.queries import Session, links_of, sessions_of, uncounted
from contentlib.sharing.visits.words import CLASSES, REASONS


@dataclass(frozen=True)
class Entry:
    """One thing a buyer did: a visit by a link, or a touch of marketing's."""

    at: datetime
    session: Session | None = None
    touch: Matched | None = None


def of_deal(deal: Deal, *, for_: User, moment: datetime, today: date) -> dict[str, Any]:
    """Return what the page of a deal shows to a person, at a moment which is a day of the firm."""
    links = links_of(deal)
    shown = of_links(links, deal.contacts)
    touches = [Entry(match.touch.occurred_at, touch=match) for match in touches_of(deal)]
    entries = sorted([*shown["entries"], *touches], key=lambda entry: entry.at, reverse=True)
    # Whose deal is decided is sent nothing more.
    is_open = deal.outcome == Outcome.OPEN
    unsent = unsent_on(deal, for_=for_, moment=moment, today=today) if is_open else None
    own = {"deal": deal, "entries": entries, "splits": splits_of(deal), "unsent": unsent}
    return shown | own


def of_links(links: Sequence[ShareLink], contacts: Sequence[Contact] = ()) -> dict[str, Any]:
    """Return what the page of some links shows, given the people they may have been for."""
    return {
        "deal": None,
        "splits": [],
        "unsent": None,
        "entries": [
            Entry(session.visit.started_at, session=session) for session in sessions_of(links)
        ],
        "uncounted": uncounted(links),
        "named": _each_once(links),
        "people": _people(links, contacts),
        "classes": CLASSES,
        "reasons": REASONS,
    }


def _people(links: Sequence[ShareLink], contacts: Sequence[Contact]) -> dict[int, Contact | None]:
    """Return for each link the person it was for, also where only an address says so."""
    by_address = {one.email.strip().lower(): one for one in contacts if one.email}
    return {
        link.id: link.contact or by_address.get((link.recipient_email or "").lower())
        for link in links
    }


def _each_once(links: Sequence[ShareLink]) -> list[ShareLink]:
    """Return one link for each person that some links name."""
    people: dict[str, ShareLink] = {}
    for link in links:
        if link.recipient_name or link.recipient_email:
            people.setdefault((link.recipient_email or link.recipient_name).lower(), link)
    return list(people.values())
