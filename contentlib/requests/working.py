"""What marketing does with a request on its way: moving it, asking back, dividing the work."""

from sqlalchemy import update

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import visible
from contentlib.library.models import Asset
from contentlib.library.standing import STAFF
from contentlib.requests import news
from contentlib.requests.models import (
    MOVES,
    ContentRequest,
    ContentRequestComment,
    ContentRequestDeal,
    ContentRequestJoined,
    State,
)
from contentlib.requests.service import LONGEST_TEXT, accept, step_to, still_open


def move(row: ContentRequest, state: State, *, by: User, question: str = "") -> None:
    """Let an open request come to another state; being there already changes nothing.

    To wait for who asked needs a question, which is said as a comment.
    """
    if state not in MOVES:
        raise Invalid(N_("A request cannot be moved there."), field="state")
    still_open(row)
    if row.state is state:
        return
    if state is State.WAITING:
        if not visible(question).strip():
            raise Invalid(N_("Write what you need to know."), field="question")
        step_to(row, state, by=by)
        _say(row, question, by)
    elif row.state is State.NEW and state is State.ACCEPTED:
        accept(row, by=by)
    else:
        news.tell_step(row, step_to(row, state, by=by))


def comment(row: ContentRequest, text: str, *, by: User) -> ContentRequestComment:
    """Say something of a request; if it waited for this person, its clock goes on."""
    if not visible(text).strip():
        raise Invalid(N_("Write something first."), field="text")
    db.session.refresh(row, with_for_update=True)
    if row.state is State.WAITING and by.id == row.asked_by_id:
        step_to(row, _before_waiting(row), by=by)
    return _say(row, text, by)


def assign(row: ContentRequest, person: User | None, *, by: User) -> None:
    """Say who works on it, or that nobody does; who is assigned is told like by a comment."""
    still_open(row)
    if person is not None and not (person.active and person.role in STAFF):
        raise Invalid(N_("Only people of marketing work on requests."), field="person")
    row.assigned_to_id = person.id if person else None
    db.session.flush()
    if person is not None:
        news.tell_assigned(row, person, by=by)


def link_draft(row: ContentRequest, asset: Asset | None) -> None:
    """Say what is being made for it, or that nothing is."""
    still_open(row)
    row.draft_id = asset.id if asset else None
    db.session.flush()


def merge(row: ContentRequest, into: ContentRequest, *, by: User) -> None:
    """Let a request go into another that asks for the same: its people go along,
    with their deals and what they said."""
    if row.id == into.id:
        raise Invalid(N_("Choose another request."), field="into")
    for one in sorted((row, into), key=lambda one: one.id):
        still_open(one)
    known = {one.user_id for one in into.waiting}
    into.waiting += [
        ContentRequestJoined(user_id=one.user_id, joined_at=one.joined_at)
        for one in row.waiting
        if one.user_id not in known
    ]
    named = {(one.deal_id, one.user_id) for one in into.named}
    into.named += [
        ContentRequestDeal(deal_id=one.deal_id, user_id=one.user_id)
        for one in row.named
        if (one.deal_id, one.user_id) not in named
    ]
    db.session.execute(
        update(ContentRequestComment)
        .where(ContentRequestComment.request_id == row.id)
        .values(request_id=into.id)
    )
    row.merged_into_id = into.id
    row.decided_by_id, row.decided_at = by.id, now()
    news.tell_merged(row, into, step_to(row, State.MERGED, by=by))
    row.waiting.clear()
    row.named.clear()
    audit.record(Action.REQUEST_MERGED, subject=row, by=by, into=f"content_request:{into.id}")
    db.session.flush()


def _say(row: ContentRequest, text: str, by: User) -> ContentRequestComment:
    said = ContentRequestComment(
        request_id=row.id, by_id=by.id, text=visible(text).strip()[:LONGEST_TEXT]
    )
    db.session.add(said)
    db.session.flush()
    news.tell_comment(row, said, by=by)
    return said


def _before_waiting(row: ContentRequest) -> State:
    """Return where the request stood when it began to wait."""
    return [step.state for step in row.steps if step.state is not State.WAITING][-1]
