"""Writing facts of use into the ledger; nothing here changes or deletes one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.usage.models import GRADES, Action, UsageEvent, UsageRetraction
from contentlib.usage.queries import not_retracted

# The same person noting the same use twice within this time meant it once.
COLLAPSE = timedelta(minutes=2)
# Clocks of browsers and servers differ a little; anything later is a slip.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class OnDeal:
    """The deal a use belongs to, as it stood at that moment.

    `stage_id` is the stage by the deal's history when the use happened; `late` says that the use
    was recorded after the deal had its outcome.
    """

    deal_id: int
    stage_id: int | None
    late: bool = False


def record(
    action: Action,
    *,
    asset_id: int,
    version_id: int | None,
    actor_id: int | None,
    idempotency_key: str,
    on: OnDeal | None = None,
    occurred_at: datetime | None = None,
    recorded_at: datetime | None = None,
    channel: str | None = None,
    surface: str = "web",
    share_link_id: int | None = None,
    search_id: str | None = None,
    position: int | None = None,
    part: str | None = None,
    note: str | None = None,
) -> UsageEvent:
    """Write one use down and return it; a repetition returns the event that stands already."""
    moment = now()
    occurred = occurred_at or moment
    if occurred > moment + CLOCK_TOLERANCE:
        raise Invalid(N_("A use cannot lie in the future."), field="occurred_at")
    event = UsageEvent(
        action=action,
        grade=GRADES[action],
        asset_id=asset_id,
        asset_version_id=version_id,
        actor_id=actor_id,
        deal_id=on.deal_id if on else None,
        stage_id=on.stage_id if on else None,
        late=on.late if on else False,
        occurred_at=occurred,
        recorded_at=recorded_at or moment,
        channel=channel,
        surface=surface,
        share_link_id=share_link_id,
        search_id=search_id,
        position=position,
        part=part,
        note=note,
        idempotency_key=idempotency_key,
    )
    known = find_by_key(idempotency_key) or _twin(event)
    if known is not None:
        return known
    db.session.add(event)
    db.session.flush()
    return event


def find_by_key(idempotency_key: str) -> UsageEvent | None:
    """Return the event that was written under a key."""
    return db.session.scalars(
        select(UsageEvent).where(UsageEvent.idempotency_key == idempotency_key)
    ).first()


def is_retracted(event: UsageEvent) -> bool:
    """Tell whether an event was taken back."""
    return db.session.get(UsageRetraction, event.id) is not None


def _twin(event: UsageEvent) -> UsageEvent | None:
    # Two buyers may read the same at the same time: what they did is known by its key alone.
    if event.action is Action.RECEIVED:
        return None
    alike = select(UsageEvent).where(
        UsageEvent.asset_id == event.asset_id,
        UsageEvent.actor_id == event.actor_id,
        UsageEvent.action == event.action,
        UsageEvent.occurred_at.between(event.occurred_at - COLLAPSE, event.occurred_at + COLLAPSE),
        # By another link it went to another person.
        UsageEvent.share_link_id == event.share_link_id,
        not_retracted(),
    )
    # Who puts a deal out of hand sees the same page again, which is no second opening.
    if event.deal_id is not None or event.action != Action.OPENED:
        alike = alike.where(UsageEvent.deal_id == event.deal_id)
    return db.session.scalars(alike).first()


def retract(event_id: int, *, by_id: int) -> UsageRetraction:
    """Say that one's own event was a slip; it stays in the ledger but no longer counts."""
    event = db.session.get(UsageEvent, event_id)
    if event is None or event.actor_id != by_id:
        raise Conflict(N_("Only the person who noted a use can take it back."))
    return take_back(event, by_id=by_id)


def take_back(event: UsageEvent, *, by_id: int | None) -> UsageRetraction:
    """Say that an event does not count, whoever noted it, as when an import is undone."""
    known = db.session.get(UsageRetraction, event.id)
    if known is not None:
        return known
    retraction = UsageRetraction(event_id=event.id, retracted_by_id=by_id)
    db.session.add(retraction)
    db.session.flush()
    return retraction
