"""Which deal somebody looks at in another system, as the address and title of that page tell.

The address often holds the number that the other system gives the deal, which we know where deals
were imported. Else words of the title are compared with the names of deals and companies. Nothing
of the page is kept.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from sqlalchemy import or_

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.deals.models import Company, Deal, Outcome
from contentlib.deals.queries import visible

MOST_PARTS, MOST_WORDS, MOST_ROWS = 60, 8, 50
# Shorter numbers and words stand in many addresses and titles by chance.
_PART = re.compile(r"[\w.-]{3,120}")
_WORD = re.compile(r"[^\W\d_]{4,60}")


def deals_meant(user: User, *, address: str, title: str, limit: int = 5) -> Sequence[Deal]:
    """Return those deals of a person that a page may be about, the likeliest first."""
    return (_by_number(user, address) or _by_words(user, title))[:limit]


def _by_number(user: User, address: str) -> list[Deal]:
    parts = _PART.findall(unquote(address))
    # The last part of an address names what is looked at, those before it where that belongs.
    places = {part: place for place, part in enumerate(parts)}
    known = sorted(places, key=lambda part: -places[part])[:MOST_PARTS]
    if not known:
        return []
    rows = db.session.scalars(visible(user).where(Deal.external_id.in_(known))).all()
    return sorted(rows, key=lambda deal: -places[deal.external_id or ""])


def _by_words(user: User, title: str) -> list[Deal]:
    """Compare whole names: of a title such as “Vértice, expansão | CRM” two words say enough."""
    said = list(dict.fromkeys(_WORD.findall(title)))[:MOST_WORDS]
    if not said:
        return []
    named = [
        or_(
            Deal.title.icontains(word, autoescape=True),
            Company.name.icontains(word, autoescape=True),
        )
        for word in said
    ]
    query = visible(user).join(Company, Company.id == Deal.company_id, isouter=True)
    query = query.where(or_(*named)).order_by(Deal.updated_at.desc(), Deal.id.desc())
    rows = db.session.scalars(query.limit(MOST_ROWS)).all()
    words = {fold(word) for word in said}
    return sorted(rows, key=lambda deal: (-_likeness(deal, words), deal.outcome != Outcome.OPEN))


def _likeness(deal: Deal, words: set[str]) -> float:
    """Return how much of the deal's own names a title has, from 0 to 1."""
    names = f"{deal.title} {deal.company.name if deal.company else ''}"
    own = {fold(word) for word in _WORD.findall(names)}
    return len(own & words) / len(own) if own else 0.0
