"""What became of a material that was made for a request: its uses, and the deals won with it.

The figures are those of the report *Use* over all time, so they open the same rows. That the deals
were won does not say that the material was the reason, and a deal counts for each of its materials.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.library.models import Asset
from contentlib.reports import use_rows
from contentlib.reports.use_rows import Choice
from contentlib.reports.use_scope import UseScope
from contentlib.requests.models import ContentRequest, State


@dataclass(frozen=True)
class Born:
    """The first request that a material answered, its uses, and the won value by currency."""

    request_id: int
    uses: int
    won: list[tuple[str, int]]


def born_of(asset: Asset, scope: UseScope, viewer: User) -> Born | None:
    """Return what became of a material in a period, nothing if it answered no request."""
    asked = select(ContentRequest.id).where(
        ContentRequest.asset_id == asset.id, ContentRequest.state == State.DELIVERED
    )
    first = db.session.scalars(asked.order_by(ContentRequest.decided_at, ContentRequest.id)).first()
    if first is None:
        return None
    uses = use_rows.sizes(scope, Choice(asset=asset.id)).events
    won = use_rows.deals(scope, viewer, asset_id=asset.id, outcome="won").order_by(None)
    rows = db.session.execute(
        won.with_only_columns(Deal.currency, func.sum(Deal.amount_minor))
        .group_by(Deal.currency)
        .order_by(func.count(Deal.id).desc(), Deal.currency)
    )
    return Born(first, uses, [(currency, int(amount)) for currency, amount in rows])
