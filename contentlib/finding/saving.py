"""Searches that people keep: saving, naming, watching and removing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict, Invalid
from contentlib.core.lines import one_line
from contentlib.finding.criteria import Criteria, read_criteria
from contentlib.finding.models import SavedSearch

MOST = 30
LONGEST_NAME = 120
KEPT_FOR = timedelta(days=1)
"""Removed ones can be taken back by an undo, even in a window that was left open."""


# Asked with every letter that is typed, so it is put together once.
_SAVED = (
    select(SavedSearch)
    .where(SavedSearch.user_id == bindparam("user"), SavedSearch.removed_at.is_(None))
    .order_by(func.lower(SavedSearch.name), SavedSearch.id)
)


def saved_by(user: User) -> Sequence[SavedSearch]:
    """Return a person's saved searches by name."""
    return db.session.scalars(_SAVED, {"user": user.id}).all()


def get_saved(user: User, saved_id: int, *, removed: bool = False) -> SavedSearch:
    """Return a saved search of a person, or say that they have none of this number."""
    saved = db.session.get(SavedSearch, saved_id)
    if saved is None or saved.user_id != user.id or (saved.removed_at is not None) != removed:
        raise Absent
    return saved


def criteria_of(saved: SavedSearch) -> Criteria:
    """Return the search itself."""
    return read_criteria(
        {
            name: [str(item) for item in value] if isinstance(value, list) else [str(value)]
            for name, value in saved.parameters.items()
        }
    )


def same_search(one: Criteria, other: Criteria) -> bool:
    """Tell whether two searches ask for the same, in whatever order and on whatever page."""
    return one.words.casefold() == other.words.casefold() and one.filters == other.filters


def find_same(saved: Sequence[SavedSearch], criteria: Criteria) -> SavedSearch | None:
    """Return that of some saved searches which asks for the same."""
    return next((row for row in saved if same_search(criteria_of(row), criteria)), None)


@dataclass(frozen=True)
class Kept:
    """What a search page says of saved ones: whether it shows one of them, and if there are any."""

    current: SavedSearch | None
    some: bool


def kept_by(user: User, criteria: Criteria) -> Kept:
    """Return what a person keeps, seen from a search."""
    rows = saved_by(user)
    return Kept(find_same(rows, criteria), bool(rows))


def save(user: User, criteria: Criteria, *, name: str, alert: bool) -> SavedSearch:
    """Keep a search; one that asks for the same takes the new name instead of standing twice."""
    if criteria.is_bare:
        raise Invalid(N_("Search for something or choose a filter first, then save it."))
    mine = saved_by(user)
    saved = find_same(mine, criteria)
    if saved is None:
        _leave_room(len(mine))
        saved = SavedSearch(user_id=user.id, seen_at=now())
        db.session.add(saved)
    saved.name, saved.alert = _clean_name(name), alert
    saved.parameters = criteria.on_page(1).parameters()
    db.session.flush()
    return saved


def rename(saved: SavedSearch, name: str) -> None:
    """Give a saved search another name."""
    saved.name = _clean_name(name)
    db.session.flush()


def watch(saved: SavedSearch) -> None:
    """Tell its person of new materials from now on."""
    if not saved.alert:
        saved.alert, saved.seen_at = True, now()
        db.session.flush()


def leave_alone(saved: SavedSearch) -> None:
    """Tell nothing of it any more."""
    saved.alert = False
    db.session.flush()


def mark_seen(saved: SavedSearch) -> None:
    """Note that its person looked at it; only what comes later is new."""
    saved.seen_at = now()
    db.session.flush()


def remove(saved: SavedSearch) -> None:
    """Take a saved search away; for a while it can be brought back."""
    moment = now()
    saved.removed_at = moment
    gone = SavedSearch.user_id == saved.user_id, SavedSearch.removed_at < moment - KEPT_FOR
    db.session.execute(delete(SavedSearch).where(*gone))
    db.session.flush()


def restore(saved: SavedSearch, *, by: User) -> None:
    """Bring a removed search back."""
    _leave_room(len(saved_by(by)))
    saved.removed_at = None
    db.session.flush()


def _leave_room(there: int) -> None:
    if there >= MOST:
        raise Conflict(
            N_("You have %(most)s saved searches, as many as there can be. Remove one first."),
            most=MOST,
        )


def _clean_name(text: str) -> str:
    name = one_line(text)[:LONGEST_NAME]
    if not name:
        raise Invalid(N_("A saved search needs a name."), field="name")
    return name
