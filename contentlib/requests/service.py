"""Asking marketing for a material, waiting along, and what marketing answers."""

from collections.abc import Mapping, Sequence

from sqlalchemy import update

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import one_line, visible
from contentlib.deals.models import Deal
from contentlib.library.models import Asset, Status
from contentlib.requests.models import ContentRequest, ContentRequestJoined, State

LONGEST_TEXT = 2000


def ask(
    *,
    title: str,
    by: User,
    words: str = "",
    filters: Mapping[str, Sequence[str]] | None = None,
    note: str = "",
    deal: Deal | None = None,
) -> ContentRequest:
    """Ask marketing for a material; who asks is the first who waits for it."""
    title = one_line(title)[:200]
    if not title:
        raise Invalid(N_("Say what you are missing."), field="title")
    row = ContentRequest(
        title=title,
        words=one_line(words)[:256],
        filters={facet: sorted(values) for facet, values in (filters or {}).items() if values},
        note=visible(note).strip()[:LONGEST_TEXT],
        deal_id=deal.id if deal else None,
        asked_by_id=by.id,
        state=State.NEW,
        answer="",
        waiting=[ContentRequestJoined(user_id=by.id)],
    )
    db.session.add(row)
    db.session.flush()
    return row


def join(row: ContentRequest, *, by: User) -> None:
    """Wait for it as well; who waits already goes on waiting."""
    _still_open(row)
    if by.id not in {one.user_id for one in row.waiting}:
        row.waiting.append(ContentRequestJoined(user_id=by.id))
        db.session.flush()


def leave(row: ContentRequest, *, by: User) -> None:
    """Wait for it no longer; who asked it stays."""
    _still_open(row)
    if by.id == row.asked_by_id:
        raise Conflict(N_("This request is yours; marketing answers it to you."))
    row.waiting[:] = [one for one in row.waiting if one.user_id != by.id]
    db.session.flush()


def accept(row: ContentRequest, *, by: User) -> None:
    """Say that it will be made; accepting it again changes nothing."""
    _still_open(row)
    if row.state == State.NEW:
        _decide(row, State.ACCEPTED, by)


def deliver(row: ContentRequest, asset: Asset, *, by: User, answer: str = "") -> None:
    """Answer with a published material."""
    _still_open(row)
    if asset.status != Status.PUBLISHED:
        raise Invalid(N_("Choose a published material."), field="asset")
    row.asset_id = asset.id
    _decide(row, State.DELIVERED, by, answer)


def decline(row: ContentRequest, *, by: User, reason: str) -> None:
    """Say that it will not be made, and why."""
    _still_open(row)
    if not visible(reason).strip():
        raise Invalid(N_("Say why: whoever asked reads it."), field="reason")
    _decide(row, State.DECLINED, by, reason)


def mark_seen(user: User) -> None:
    """Note that a person looked at what became of their requests."""
    mine = ContentRequestJoined.user_id == user.id
    db.session.execute(update(ContentRequestJoined).where(mine).values(seen_at=now()))
    db.session.flush()


def _decide(row: ContentRequest, state: State, by: User, answer: str = "") -> None:
    row.state, row.answer = state, visible(answer).strip()[:LONGEST_TEXT]
    row.decided_by_id, row.decided_at = by.id, now()
    told = {"asset": row.asset_id and f"asset:{row.asset_id}", "answer": row.answer}
    audit.record(Action(f"request.{state}"), subject=row, by=by, **told)
    db.session.flush()


def _still_open(row: ContentRequest) -> None:
    """Hold the row, so that of two who answer or join at once the second sees the first."""
    db.session.refresh(row, with_for_update=True)
    if not row.is_open:
        raise Conflict(N_("This request has been answered already."))
