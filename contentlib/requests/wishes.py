"""What sellers missed by their own retros: drafts of requests, until they are asked or dropped.

A draft is no row of its own: it is the answer itself, so it changes with it and goes with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.core.lines import one_line
from contentlib.deals.models import Deal, Retro
from contentlib.deals.queries import may_see
from contentlib.requests.models import ContentRequest, RetroWishDropped

KEPT = timedelta(days=30)
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Wish:
    """What was missing on a deal, in the words of the retro."""

    retro_id: int
    text: str
    deal: Deal

    @property
    def title(self) -> str:
        """Return its first line, short enough for a title."""
        first, *_rest = self.text.strip().splitlines() or [""]
        return one_line(first)[:LONGEST_TITLE]

    @property
    def filters(self) -> dict[str, list[str]]:
        """Return what it was needed for: the deal's stage and the personas of its people."""
        personas = {one.persona.key for one in self.deal.contacts if one.persona}
        return {"stage": [self.deal.stage.key], "persona": sorted(personas)}


def wishes_of(user: User, now: datetime) -> list[Wish]:
    """Return the drafts of a person, the youngest first."""
    answered = func.coalesce(Retro.changed_at, Retro.answered_at)
    rows = _mine(user).where(answered >= now - KEPT).order_by(answered.desc(), Retro.id.desc())
    return [Wish(retro_id, text, deal) for retro_id, text, deal in db.session.execute(rows)]


def get_wish(user: User, retro_id: int) -> Wish:
    """Return a draft, or say that this person has none such."""
    row = db.session.execute(_mine(user).where(Retro.id == retro_id)).first()
    if row is None:
        raise Absent
    return Wish(*row)


def drop(wish: Wish, *, by: User) -> None:
    """Ask for it no more; the retro keeps what was said."""
    db.session.add(RetroWishDropped(retro_id=wish.retro_id, dropped_by_id=by.id))
    db.session.flush()


def _mine(user: User) -> Select[int, str, Deal]:
    asked = select(ContentRequest.id).where(ContentRequest.retro_id == Retro.id)
    dropped = select(RetroWishDropped.retro_id).where(RetroWishDropped.retro_id == Retro.id)
    return (
        select(Retro.id, Retro.missing, Deal)
        .join(Deal, Deal.id == Retro.deal_id)
        .where(
            Retro.answered_by_id == user.id,
            Retro.voided_at.is_(None),
            Retro.missing != "",
            may_see(user),
            ~asked.exists(),
            ~dropped.exists(),
        )
    )
