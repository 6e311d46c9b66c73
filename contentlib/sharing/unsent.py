"""What buyers of similar won deals valued and those of a deal were not sent yet.

Valued is what people really read (E4: of machines and colleagues nothing counts) or what the seller
confirmed at the close (E5). On one deal alone that may be chance, so it takes two of them; with
fewer than five similar deals nothing is said. In order of the number of deals, since all are shares
of the same.
"""

from dataclasses import dataclass
from datetime import date, datetime

from contentlib.accounts.models import User
from contentlib.core.proportion import Proportion
from contentlib.deals.models import Deal
from contentlib.deals.similar import (
    Similar,
    deals_by_asset,
    events_on,
    likeness_of,
    similar_wins,
)
from contentlib.library.models import Asset
from contentlib.library.queries import get_assets
from contentlib.sharing.fitness import why_not
from contentlib.usage.models import Grade
from contentlib.usage.queries import sent_on_deal

MOST = 4
FEWEST_DEALS = 2
# So many are looked up, as some of them may be internal, expired or hidden from this person.
MOST_LOOKED_UP = 60


@dataclass(frozen=True)
class Valued:
    """One material: on how many similar won deals buyers read it, and its seller confirmed it."""

    asset: Asset
    read: Proportion
    confirmed: Proportion


@dataclass(frozen=True)
class Unsent:
    """The few materials to think of, and the deals that speak for them."""

    similar: Similar
    valued: list[Valued]


def unsent_on(deal: Deal, *, for_: User, moment: datetime, today: date) -> Unsent:
    """Return what similar buyers valued and this deal lacks: what this person sees and may send."""
    similar = similar_wins(likeness_of(deal), moment)
    if not similar.is_telling:
        return Unsent(similar, [])
    events = events_on(similar)
    read = deals_by_asset(events.where(events.grade == Grade.RECEIVED), grade=Grade.RECEIVED)
    confirmed = deals_by_asset(events, grade=Grade.CONFIRMED)
    either = deals_by_asset(events, grade=Grade.RECEIVED)
    sent = sent_on_deal(deal.id)
    wanted = [one for one, times in either.items() if times >= FEWEST_DEALS and one not in sent]
    wanted.sort(key=lambda one: (-either[one], -confirmed.get(one, 0), one))
    assets = get_assets(for_, wanted[:MOST_LOOKED_UP], today) if wanted else []
    fit = [asset for asset in assets if why_not(asset, today) is None]
    return Unsent(
        similar,
        [
            Valued(
                asset,
                Proportion(read.get(asset.id, 0), len(similar)),
                Proportion(confirmed.get(asset.id, 0), len(similar)),
            )
            for asset in fit[:MOST]
        ],
    )
