"""The list of all materials as marketers keep it: filters, order and page from the address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, or_, select

from contentlib.accounts.models import Role, User
from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.core.paging import page_number
from contentlib.library import queries
from contentlib.library.care.attention import has_withheld_file
from contentlib.library.care.custody import Act
from contentlib.library.care.holds import has_standing, is_held, is_retained
from contentlib.library.care.removal import is_removed
from contentlib.library.models import Asset, AssetVersion, Blob, ExtractionState, Status
from contentlib.library.release.waiting import has_waiting
from contentlib.library.standing import Standing, standing_expression, visible_to
from contentlib.library.taxonomy import AssetType

ORDERS = {
    "title": Asset.title,
    "updated": Asset.updated_at.desc(),
    "review": Asset.review_due,
}

# States that a shelf can be narrowed to besides the standing of a material.
STATES = frozenset({"published", "due", "unread", "waiting"})
# What a shelf can be narrowed to of what is done to keep materials, or to keep people from them.
CARE: dict[str, Callable[[date], ColumnElement[bool]]] = {
    "held": lambda _today: is_held(),
    "kept": is_retained,
    "removing": lambda _today: has_standing(Act.REMOVAL_ASKED),
    "removed": lambda _today: is_removed(),
    "withheld": lambda _today: has_withheld_file(),
}
REVIEW_AHEAD = timedelta(days=7)
UNREAD = (ExtractionState.FAILED, ExtractionState.PASSWORD, ExtractionState.TRUNCATED)


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; empty means no filter."""

    status: str = ""
    type: str = ""
    owner: int = 0
    words: str = ""
    care: str = ""
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

    def tab(self, status: str) -> str:
        """Return the query of another tab; that of due reviews brings its order and keeps it."""
        usual = Wanted().sort if self.sort == "review" else self.sort
        return self.url(status=status, sort="review" if status == "due" else usual)


def read(arguments: Mapping[str, str]) -> Wanted:
    """Read the address; what makes no sense counts as not said."""
    status, sort = arguments.get("status", ""), arguments.get("sort", "")
    owner = arguments.get("owner", "")
    return Wanted(
        status=status if status in set(Standing) | STATES else "",
        type=arguments.get("type", "")[:60],
        owner=int(owner) if owner.isdecimal() and len(owner) < 16 else 0,
        words=arguments.get("words", "").strip()[:100],
        care=arguments.get("care", "") if arguments.get("care", "") in CARE else "",
        sort=sort if sort in ORDERS else "updated",
        page=page_number(arguments.get("page")),
    )


def select_assets(wanted: Wanted, user: User, today: date) -> Select[Asset]:
    """Select the materials the address asks for, as far as the person may see them."""
    statement = queries.visible(user, today)
    if wanted.status:
        statement = statement.where(_in_state(wanted.status, today))
    if wanted.type:
        statement = statement.where(Asset.type.has(AssetType.key == wanted.type))
    if wanted.owner:
        statement = statement.where(answered_by(wanted.owner))
    if wanted.care:
        statement = statement.where(CARE[wanted.care](today))
    if wanted.words:
        statement = statement.where(Asset.id.in_(_titled(wanted.words)))
    return statement.order_by(ORDERS[wanted.sort], Asset.id)


def _in_state(status: str, today: date) -> ColumnElement[bool]:
    if status == "published":
        return visible_to(Role.SELLER, today)
    if status == "due":
        return review_due(today)
    if status == "waiting":
        return has_waiting()
    return unread() if status == "unread" else standing_expression(today) == status


def answered_by(user_id: int) -> ColumnElement[bool]:
    """Return the condition for materials that a person answers for, as owner or deputy."""
    return or_(Asset.owner_id == user_id, Asset.deputy_id == user_id)


def review_due(today: date) -> ColumnElement[bool]:
    """Return the condition for materials on air whose review is due within a week, or was."""
    return and_(visible_to(Role.SELLER, today), Asset.review_due <= today + REVIEW_AHEAD)


def unread() -> ColumnElement[bool]:
    """Return the condition for published files whose words search does not know, or not all."""
    return and_(
        Asset.status == Status.PUBLISHED,
        Asset.published_version.has(AssetVersion.blob.has(Blob.extraction.in_(UNREAD))),
    )


def _titled(words: str) -> list[int]:
    """Return the materials whose title has all words; SQLite cannot compare without accents."""
    wanted = fold(words).split()
    rows = db.session.execute(select(Asset.id, Asset.title))
    return [row.id for row in rows if all(word in fold(row.title) for word in wanted)]
