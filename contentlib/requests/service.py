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
from contentlib.requests import news
from contentlib.requests.models import (
    ContentRequest,
    ContentRequestDeal,
    ContentRequestJoined,
    ContentRequestStep,
    State,
)

LONGEST_TEXT = 2000


def ask(
    *,
    title: str,
    by: User,
    words: str = "",
    filters: Mapping[str, Sequence[str]] | None = None,
    note: str = "",
    deal: Deal | None = None,
    retro_id: int | None = None,
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
        retro_id=retro_id,
        asked_by_id=by.id,
        state=State.NEW,
        answer="",
        waiting=[ContentRequestJoined(user_id=by.id)],
        steps=[ContentRequestStep(state=State.NEW, at=now(), by_id=by.id)],
    )
    db.session.add(row)
    db.session.flush()
    name_deal(row, deal, by=by)
    return row


def join(row: ContentRequest, *, by: User, deal: Deal | None = None) -> None:
    """Wait for it as well, for a deal if one is named; who waits already goes on waiting."""
    still_open(row)
    if by.id not in {one.user_id for one in row.waiting}:
        row.waiting.append(ContentRequestJoined(user_id=by.id))
        db.session.flush()
    name_deal(row, deal, by=by)


def name_deal(row: ContentRequest, deal: Deal | None, *, by: User) -> None:
    """Say for which deal one needs it; the same deal named again changes nothing."""
    if deal is None:
        return
    if db.session.get(ContentRequestDeal, (row.id, deal.id, by.id)) is None:
        row.named.append(ContentRequestDeal(deal_id=deal.id, user_id=by.id))
        db.session.flush()


def leave(row: ContentRequest, *, by: User) -> None:
    """Wait for it no longer, also not for one's deals; who asked it stays."""
    still_open(row)
    if by.id == row.asked_by_id:
        raise Conflict(N_("This request is yours; marketing answers it to you."))
    row.waiting[:] = [one for one in row.waiting if one.user_id != by.id]
    row.named[:] = [one for one in row.named if one.user_id != by.id]
    db.session.flush()


def accept(row: ContentRequest, *, by: User) -> None:
    """Say that it will be made; accepting it again changes nothing."""
    still_open(row)
    if row.state == State.NEW:
        news.tell_step(row, _decide(row, State.ACCEPTED, by))


def deliver(row: ContentRequest, asset: Asset, *, by: User, answer: str = "") -> None:
    """Answer with a published material."""
    still_open(row)
    if asset.status != Status.PUBLISHED:
        raise Invalid(N_("Choose a published material."), field="asset")
    row.asset = asset
    news.tell_answer(row, _decide(row, State.DELIVERED, by, answer))


def decline(row: ContentRequest, *, by: User, reason: str) -> None:
    """Say that it will not be made, and why."""
    still_open(row)
    if not visible(reason).strip():
        raise Invalid(N_("Say why: whoever asked reads it."), field="reason")
    news.tell_answer(row, _decide(row, State.DECLINED, by, reason))


def mark_seen(user: User) -> None:
    """Note that a person looked at what became of their requests."""
    mine = ContentRequestJoined.user_id == user.id
    db.session.execute(update(ContentRequestJoined).where(mine).values(seen_at=now()))
    db.session.flush()


def mark_one_seen(row: ContentRequest, user: User) -> None:
    """Note that a person looked at what became of one request."""
    mine = ContentRequestJoined.user_id == user.id
    this = ContentRequestJoined.request_id == row.id
    db.session.execute(update(ContentRequestJoined).where(mine, this).values(seen_at=now()))
    db.session.flush()


def step_to(row: ContentRequest, state: State, *, by: User) -> ContentRequestStep:
    """Let a request come to a state; each step stays in its history."""
    step = ContentRequestStep(state=state, at=now(), by_id=by.id)
    row.state = state
    row.steps.append(step)
    db.session.flush()
    return step


def still_open(row: ContentRequest) -> None:
    """Hold the row, so that of two who answer or join at once the second sees the first."""
    db.session.refresh(row, with_for_update=True)
    if not row.is_open:
        raise Conflict(N_("This request has been answered already."))


def _decide(row: ContentRequest, state: State, by: User, answer: str = "") -> ContentRequestStep:
    row.answer = visible(answer).strip()[:LONGEST_TEXT]
    row.decided_by_id, row.decided_at = by.id, now()
    step = step_to(row, state, by=by)
    told = {"asset": row.asset_id and f"asset:{row.asset_id}", "answer": row.answer}
    audit.record(Action(f"request.{state}"), subject=row, by=by, **told)
    db.session.flush()
    return step
