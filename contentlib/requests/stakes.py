"""What is at stake with requests: the amounts of the open deals that their people named.

A deal counts once, in however many requests it stands and whoever named it. Amounts of deals that
a person may not see are left out of every sum, so that no sum tells of them: marketing sees what
all is worth, a seller the part that they know of anyway. Currencies are never added up.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.deals.queries import may_see
from contentlib.requests.models import OPEN, ContentRequest, ContentRequestDeal


class Sum(NamedTuple):
    """An amount in minor units of its currency, and the number of deals in it."""

    currency: str
    amount: int
    deals: int


def stakes(user: User, requests: Iterable[ContentRequest]) -> dict[int, list[Sum]]:
    """Return for each request what is at stake with it, the largest number of deals first."""
    named = (
        select(ContentRequestDeal.request_id, Deal.id, Deal.currency, Deal.amount_minor)
        .join(Deal, Deal.id == ContentRequestDeal.deal_id)
        .where(
            ContentRequestDeal.request_id.in_({row.id for row in requests}),
            Deal.outcome == Outcome.OPEN,
            may_see(user),
        )
        .distinct()
        .subquery()
    )
    rows = db.session.execute(
        select(
            named.c.request_id,
            named.c.currency,
            func.sum(named.c.amount_minor),
            func.count(),
        )
        .group_by(named.c.request_id, named.c.currency)
        .order_by(func.count().desc(), named.c.currency)
    )
    found: dict[int, list[Sum]] = {}
    for request_id, currency, amount, deals in rows:
        found.setdefault(request_id, []).append(Sum(currency, int(amount), deals))
    return found


def stake_of_all(user: User) -> list[Sum]:
    """Return what is at stake with all open requests together."""
    waiting = select(ContentRequest.id).where(ContentRequest.state.in_(OPEN))
    named = select(ContentRequestDeal.deal_id).where(ContentRequestDeal.request_id.in_(waiting))
    rows = db.session.execute(
        select(Deal.currency, func.sum(Deal.amount_minor), func.count(Deal.id))
        .where(Deal.id.in_(named), Deal.outcome == Outcome.OPEN, may_see(user))
        .group_by(Deal.currency)
        .order_by(func.count(Deal.id).desc(), Deal.currency)
    )
    return [Sum(currency, int(amount), deals) for currency, amount, deals in rows]


def named_deals(user: User, request: ContentRequest) -> Sequence[Deal]:
    """Return the deals named for a request that a person may see, the largest first."""
    named = select(ContentRequestDeal.deal_id).where(ContentRequestDeal.request_id == request.id)
    rows = select(Deal).where(Deal.id.in_(named), may_see(user))
    return db.session.scalars(rows.order_by(Deal.amount_minor.desc(), Deal.id)).unique().all()


def my_deal(user: User, request: ContentRequest) -> Deal | None:
    """Return the deal that a person themselves needs it for, if they named one they still see."""
    mine = select(ContentRequestDeal.deal_id).where(
        ContentRequestDeal.request_id == request.id, ContentRequestDeal.user_id == user.id
    )
    rows = select(Deal).where(Deal.id.in_(mine), may_see(user))
    return db.session.scalars(rows.order_by(Deal.outcome != Outcome.OPEN, Deal.id)).first()
