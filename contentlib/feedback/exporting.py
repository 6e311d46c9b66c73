"""All that was said of a material as a table: one row each, for those who decide on it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.deals.queries import may_see
from contentlib.feedback.models import Comment, FieldWin, Flag, Rating, Suggestion, SuggestionState
from contentlib.feedback.queries import said
from contentlib.library.models import Asset

COLUMNS = (
    "when_utc",
    "kind",
    "version",
    "page",
    "who",
    "email",
    "quote",
    "text",
    "state",
    "answer",
    "answered_by",
    "deal",
)
Row = Sequence[object]


def rows_of(user: User, asset: Asset) -> Iterator[Row]:
    """Yield what a person may read, by kind and the youngest first; not what was taken back."""
    for comment in _all(said(Comment, user, asset).where(Comment.removed_at.is_(None))):
        state = "settled" if comment.resolved_at else "open"
        kind = "answer" if comment.parent_id else "comment"
        yield _row(kind, comment, comment.text, state, "", comment.resolved_by)
    for one in _all(said(Suggestion, user, asset)):
        if one.state is not SuggestionState.WITHDRAWN:
            words = "\n\n".join([one.note, *(one.words or {}).values()]).strip()
            hidden = "" if one.version.removed_at else words
            yield _row("suggestion", one, hidden, one.state.value, one.answer, one.decided_by)
    for flag in _all(said(Flag, user, asset)):
        told = f"{flag.reason} {flag.proof_url}".strip()
        state = flag.outcome.value if flag.outcome else "open"
        yield _row("flag", flag, told, state, flag.answer, flag.resolved_by)
    yield from _wins(user, asset)
    yield from _ratings(asset)


def _wins(user: User, asset: Asset) -> Iterator[Row]:
    seen = set(db.session.scalars(select(Deal.id).join(FieldWin).where(may_see(user))))
    for win in _all(said(FieldWin, user, asset).where(FieldWin.withdrawn_at.is_(None))):
        stages = f"{win.stage_before.key if win.stage_before else ''} > {win.stage_after.key}"
        deal = win.deal.title if win.deal_id in seen else ""
        yield (*_row("win", win, win.text, stages)[:-1], deal)


def _ratings(asset: Asset) -> Iterator[Row]:
    """Yield the ratings by nobody's name: why a material does not help is all that matters."""
    rows = select(Rating).where(Rating.asset_id == asset.id).order_by(Rating.id.desc())
    for one in _all(rows):
        told = f"{one.reason} {one.text}".strip()
        state = "helps" if one.helps else "does not help"
        yield (_when(one.said_at), "rating", one.version.number, *[""] * 4, told, state, *[""] * 3)


def _row(kind: str, row: Any, text: str, state: str, *answered: Any) -> Row:
    """Return a row; `answered` is the answer and who gave it, if anybody did."""
    answer, by = answered or ("", None)
    told = (_when(row.said_at), kind, row.version.number, row.page, row.by.name, row.by.email)
    return (*told, row.quoted, text, state, answer, by.name if by else "", "")


def _when(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _all(statement: Any) -> Any:
    return db.session.scalars(statement).unique()
