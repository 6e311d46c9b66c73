"""What the demo's people keep searching for, and what they asked marketing for."""

from datetime import datetime, timedelta

from contentlib.core.db import db
from contentlib.demo.firm import firm
from contentlib.demo.staff import Staff
from contentlib.finding.models import SavedSearch
from contentlib.requests.models import ContentRequest, ContentRequestJoined, State

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
    """Ask marketing what firm.toml says, some days ago; answers came two days later."""
    for row in firm()["requests"]:
        asked = now - timedelta(days=row["days"])
        state = State(row.get("state", State.NEW))
        decided = state != State.NEW
        people = [row["by"], *row.get("joined", ())]
        db.session.add(
            ContentRequest(
                title=row["title"],
                words=row["words"],
                filters=row.get("filters", {}),
                note=row["note"],
                asked_by_id=staff.ids[row["by"]],
                asked_at=asked,
                state=state,
                answer=row.get("answer", ""),
                decided_by_id=staff.ids[MARKETER] if decided else None,
                decided_at=asked + ANSWERED_AFTER if decided else None,
                waiting=[
                    ContentRequestJoined(user_id=staff.ids[key], joined_at=asked) for key in people
                ],
            )
        )
    db.session.flush()
