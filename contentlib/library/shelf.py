"""The list of all materials as marketers keep it: filters, order and page from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.core.paging import page_number
from contentlib.library import queries
from contentlib.library.models import Asset
from contentlib.library.standing import Standing, standing_expression
from contentlib.library.taxonomy import AssetType

ORDERS = {
    "title": Asset.title,
    "updated": Asset.updated_at.desc(),
    "review": Asset.review_due,
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; empty means no filter."""

    status: str = ""
    type: str = ""
    owner: int = 0
    words: str = ""
    sort: str = "updated"
    page: int = 1

    def url(self, **changes: Any) -> str:
        """Return the query of the address with some choices changed, from the first page on."""
        wanted = replace(self, **({"page": 1} | changes))
        default = Wanted()
        chosen = {
            name: value for name, value in vars(wanted).items() if value != getattr(default, name)
        }
        return "?" + urlencode(chosen)


def read(arguments: Mapping[str, str]) -> Wanted:
    """Read the address; what makes no sense counts as not said."""
    status, sort = arguments.get("status", ""), arguments.get("sort", "")
    owner = arguments.get("owner", "")
    return Wanted(
        status=status if status in set(Standing) | {"published"} else "",
        type=arguments.get("type", "")[:60],
        owner=int(owner) if owner.isdecimal() and len(owner) < 16 else 0,
        words=arguments.get("words", "").strip()[:100],
        sort=sort if sort in ORDERS else "updated",
        page=page_number(arguments.get("page")),
    )


def select_assets(wanted: Wanted, user: User, today: date) -> Select[Asset]:
    """Select the materials the address asks for, as far as the person may see them."""
    statement = queries.visible(user, today)
    if wanted.status == "published":
        live = (Standing.VERIFIED.value, Standing.OVERDUE.value)
        statement = statement.where(standing_expression(today).in_(live))
    elif wanted.status:
        statement = statement.where(standing_expression(today) == wanted.status)
    if wanted.type:
        statement = statement.where(Asset.type.has(AssetType.key == wanted.type))
    if wanted.owner:
        statement = statement.where(Asset.owner_id == wanted.owner)
    if wanted.words:
        statement = statement.where(Asset.id.in_(_titled(wanted.words)))
    return statement.order_by(ORDERS[wanted.sort], Asset.id)


def _titled(words: str) -> list[int]:
    """Return the materials whose title has all words; SQLite cannot compare without accents."""
    wanted = fold(words).split()
    rows = db.session.execute(select(Asset.id, Asset.title))
    return [row.id for row in rows if all(word in fold(row.title) for word in wanted)]
