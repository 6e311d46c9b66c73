"""The ledger of use for the demo: graded events, most told at once, some late, a few taken back."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contentlib.demo.assets import Material
from contentlib.demo.deals import MadeDeal
from contentlib.demo.firm import firm
from contentlib.demo.office import later
from contentlib.demo.rows import Rows
from contentlib.demo.touches import Touch
from contentlib.usage.models import GRADES, Action, UsageEvent, UsageRetraction

CHANNELS = ("call", "meeting", "email", "whatsapp", "event")
CHANNEL_WEIGHTS = (30, 22, 24, 20, 4)
EMPTY: dict[str, Any] = {
    "deal_id": None,
    "stage_id": None,
    "persona_id": None,
    "channel": None,
    "late": False,
    "search_id": None,
    "position": None,
    "part": None,
    "note": None,
    "surface": "web",
}


class Ledger:
    """Writes usage events."""

    def __init__(
        self, rng: Random, stages: dict[str, int], personas: dict[str, int], now: datetime
    ) -> None:
        self._rng, self._stages, self._personas, self._now = rng, stages, personas, now
        self.events, self.retractions = Rows(UsageEvent), Rows(UsageRetraction)

    def touch(self, deal: MadeDeal, touch: Touch) -> None:
        """Write what one reach for a material left behind: up to three events of rising grade."""
        rng = self._rng
        facts = self._facts(deal, touch)
        moment = touch.at - timedelta(minutes=rng.uniform(6, 40))
        if touch.opens:
            self.event(touch.material, Action.OPENED, moment, deal.seller.id, **facts)
        if touch.takes:
            moment += timedelta(minutes=rng.uniform(0.5, 5))
            action, part = taking(rng, touch.material)
            self.event(touch.material, action, moment, deal.seller.id, **facts, part=part)
        if touch.sends:
            self._send(deal, touch, facts)

    def _facts(self, deal: MadeDeal, touch: Touch) -> dict[str, Any]:
        persona = self._rng.choice(deal.customer.contacts)[1] if deal.customer.contacts else None
        return {
            "deal_id": deal.id,
            "stage_id": self._stages[touch.stage],
            "persona_id": self._personas[persona] if persona else None,
        }

    def _send(self, deal: MadeDeal, touch: Touch, facts: dict[str, Any]) -> None:
        rng = self._rng
        channel = rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        outside = channel in {"email", "whatsapp"}
        action = Action.SENT_OUTSIDE if outside else Action.SHOWN
        told = self._told(deal, touch.at)
        closed = deal.plan.close_recorded_at
        note = rng.choice(firm()["retros"]["notes"]) if rng.random() < 0.12 else None
        number = self.event(
            touch.material,
            action,
            touch.at,
            deal.seller.id,
            **facts,
            recorded_at=told,
            late=closed is not None and told > closed,
            channel=channel,
            note=note,
        )
        if rng.random() < 0.006:
            self.retractions.add(
                event_id=number,
                retracted_at=min(told + timedelta(seconds=7), self._now),
                retracted_by_id=deal.seller.id,
            )

    def _told(self, deal: MadeDeal, at: datetime) -> datetime:
        """At once, the next day, or only after the deal was over."""
        chance = self._rng.random()
        closed = deal.plan.close_recorded_at
        if closed and chance < 0.06:
            return later(closed, self._rng, days=5, until=self._now)
        if chance < 0.2:
            return later(at, self._rng, days=1.2, until=self._now)
        return min(at + timedelta(minutes=self._rng.uniform(0, 12)), self._now)

    def event(
        self, material: Material, action: Action, at: datetime, actor: int, **more: Any
    ) -> int:
        """Write one event and return its number."""
        at = min(at, self._now)
        given = {"recorded_at": at, "idempotency_key": f"demo:{self.events.next_number}"}
        row = EMPTY | given | more
        row["recorded_at"] = max(row["recorded_at"], at)
        number = self.events.add(
            occurred_at=at,
            actor_id=actor,
            action=action,
            grade=int(GRADES[action]),
            asset_id=material.id,
            asset_version_id=material.version_at(at),
            **row,
        )
        if self.events.many:
            self.flush()
        return number

    def flush(self) -> None:
        """Insert what is waiting."""
        self.events.flush()
        self.retractions.flush()

    def finish(self) -> None:
        """Insert the rest."""
        self.events.finish()
        self.retractions.finish()


def taking(rng: Random, material: Material) -> tuple[Action, str | None]:
    """Return how a material is taken: words and addresses are copied, files are downloaded."""
    match material.source.format:
        case "objection":
            return Action.COPIED, "answer"
        case "script":
            return Action.COPIED, "script"
        case "link":
            return Action.COPIED, "link"
    return (Action.DOWNLOADED, None) if rng.random() < 0.8 else (Action.COPIED, "link")
