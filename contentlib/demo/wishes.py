"""What the demo's people keep searching for, and what they asked marketing for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals.models import Deal, Outcome
from contentlib.demo.firm import firm
from contentlib.demo.staff import Staff
from contentlib.finding.models import SavedSearch
from contentlib.library.models import Asset
from contentlib.requests.models import (
    ContentRequest,
    ContentRequestComment,
    ContentRequestDeal,
    ContentRequestJoined,
    ContentRequestStep,
    State,
)

MARKETER = "marina.prado"
ANSWERED_AFTER = timedelta(days=2)


def add_saved_searches(staff: Staff, now: datetime) -> None:
    """Keep the searches of firm.toml, each last looked at some days ago."""
    for row in firm()["saved"]:
        seen = now - timedelta(days=row["days"])
        db.session.add(
            SavedSearch(
                user_id=staff.ids[row["by"]],
                name=row["name"],
                parameters=row["parameters"],
                alert=True,
                seen_at=seen,
                created_at=seen,
            )
        )
    db.session.flush()


def add_requests(staff: Staff, now: datetime) -> None:
    """Ask marketing what firm.toml says, some days ago; each further step came two days later."""
    for row in firm()["requests"]:
        asked = now - timedelta(days=row["days"])
        people = [staff.ids[key] for key in (row["by"], *row.get("joined", ()))]
        request = ContentRequest(
            title=row["title"],
            words=row["words"],
            filters=row.get("filters", {}),
            note=row["note"],
            asked_by_id=people[0],
            asked_at=asked,
            answer=row.get("answer", ""),
            asset_id=_material(row["asset"]) if "asset" in row else None,
            waiting=[ContentRequestJoined(user_id=number, joined_at=asked) for number in people],
            named=[
                ContentRequestDeal(deal_id=deal_id, user_id=number)
                for number in people
                for deal_id in _open_deals(number)
            ],
            steps=_steps(row.get("steps", ()), people[0], staff.ids[MARKETER], asked),
        )
        _stand_at_last(request, staff.ids[MARKETER])
        db.session.add(request)
        db.session.flush()
        _say(request, row.get("comments", ()), staff, request.steps[-1].at)
    db.session.flush()


def _stand_at_last(request: ContentRequest, marketer: int) -> None:
    """Let a request be where its last step led."""
    last = request.steps[-1]
    request.state = last.state
    if last.state is not State.NEW:
        request.assigned_to_id = marketer
    if last.state in (State.DELIVERED, State.DECLINED):
        request.decided_by_id, request.decided_at = marketer, last.at


def _steps(
    states: Sequence[str], asker: int, marketer: int, asked: datetime
) -> list[ContentRequestStep]:
    steps = [ContentRequestStep(state=State.NEW, at=asked, by_id=asker)]
    for number, state in enumerate(states, start=1):
        at = asked + number * ANSWERED_AFTER
        steps.append(ContentRequestStep(state=State(state), at=at, by_id=marketer))
    return steps


def _say(
    request: ContentRequest, comments: Sequence[Sequence[str]], staff: Staff, since: datetime
) -> None:
    for number, (key, text) in enumerate(comments, start=1):
        at = since + timedelta(minutes=20 * number)
        said = ContentRequestComment(request_id=request.id, by_id=staff.ids[key], at=at, text=text)
        db.session.add(said)


def _open_deals(user_id: int) -> Sequence[int]:
    """Return the largest open deal of a person, for which they need it."""
    mine = select(Deal.id).where(Deal.owner_id == user_id, Deal.outcome == Outcome.OPEN)
    return db.session.scalars(mine.order_by(Deal.amount_minor.desc(), Deal.id).limit(1)).all()


def _material(external_id: str) -> int:
    return db.session.scalars(select(Asset.id).where(Asset.external_id == external_id)).one()
