"""Who is told what of a request: everybody who waits for it, and who works on it."""

from typing import Any

from contentlib.accounts.models import User
from contentlib.notifications.service import tell
from contentlib.requests.models import (
    ContentRequest,
    ContentRequestComment,
    ContentRequestStep,
    State,
)

DELIVERED, DECLINED = "request.delivered", "request.declined"
MOVED, COMMENTED = "request.state", "request.comment"


def tell_answer(row: ContentRequest, step: ContentRequestStep) -> None:
    """Tell everybody who waits that a request was delivered or declined."""
    key = f"request:{row.id}:step:{step.id}"
    if step.state is State.DELIVERED and row.asset is not None:
        _tell(row, DELIVERED, key=key, but=step.by_id, asset=row.asset.title)
    else:
        _tell(row, DECLINED, key=key, but=step.by_id, reason=row.answer)


def tell_step(row: ContentRequest, step: ContentRequestStep) -> None:
    """Tell everybody who waits how far a request has come."""
    key = f"request:{row.id}:step:{step.id}"
    _tell(row, MOVED, key=key, but=step.by_id, state=step.state.value)


def tell_comment(row: ContentRequest, comment: ContentRequestComment, *, by: User) -> None:
    """Tell who waits, and who works on it, what somebody said."""
    key = f"request:{row.id}:comment:{comment.id}"
    _tell(row, COMMENTED, key=key, but=by.id, also=row.assigned_to_id, who=by.name)


def tell_assigned(row: ContentRequest, person: User, *, by: User) -> None:
    """Tell a marketer that a request is theirs to make."""
    if person.id != by.id:
        key = f"request:{row.id}:assigned:{person.id}"
        facts = {"request": row.title, "state": "assigned"}
        tell(person.id, MOVED, key=key, address=f"/requests/{row.id}", facts=facts)


def tell_merged(row: ContentRequest, into: ContentRequest, step: ContentRequestStep) -> None:
    """Tell who waited for a request where they wait from now on."""
    key = f"request:{row.id}:step:{step.id}"
    for one in row.waiting:
        if one.user_id != step.by_id:
            facts = {"request": row.title, "state": step.state.value}
            tell(one.user_id, MOVED, key=key, address=f"/requests/{into.id}", facts=facts)


def _tell(
    row: ContentRequest,
    kind: str,
    *,
    key: str,
    but: int | None,
    also: int | None = None,
    **facts: Any,
) -> None:
    people = {one.user_id for one in row.waiting} | ({also} if also else set())
    for user_id in sorted(people - {but}):
        tell(
            user_id,
            kind,
            key=key,
            address=f"/requests/{row.id}",
            facts={"request": row.title} | facts,
        )
