"""How a deal goes, drawn at random: its way through the stages, its end, and when it was told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from contentlib.demo.office import at_work, later

NEW_BUSINESS = ("lead", "mql", "discovery", "diagnosis", "proposal", "negotiation", "closing")
EXPANSION = ("expansion", "proposal", "negotiation", "closing")
SHARES = {
    "lead": 0.10,
    "mql": 0.12,
    "discovery": 0.20,
    "diagnosis": 0.18,
    "proposal": 0.20,
    "negotiation": 0.15,
    "closing": 0.05,
    "expansion": 0.3,
}
# Where lost deals are lost.
LOST_AT = {
    "mql": 0.06,
    "discovery": 0.16,
    "diagnosis": 0.18,
    "proposal": 0.30,
    "negotiation": 0.24,
    "closing": 0.06,
}
# Deals that nobody closes and nobody moves.
ASLEEP = 0.12
MONTHS = 14


@dataclass
class Visit:
    """An arrival at a stage, and when somebody wrote it down."""

    stage: str
    entered_at: datetime
    recorded_at: datetime


@dataclass
class DealPlan:
    """Everything about a deal that follows from chance, before it has rows."""

    opened_at: datetime
    path: tuple[str, ...]
    amount_minor: int
    first_amount_minor: int
    outcome: str = "open"
    closed_at: datetime | None = None
    close_recorded_at: datetime | None = None
    reopened: tuple[datetime, datetime] | None = None
    visits: list[Visit] = field(default_factory=list)

    def stage_at(self, moment: datetime) -> str:
        """The stage the deal was in at a moment; before it was opened, its first."""
        stage = self.path[0]
        for visit in self.visits:
            if visit.entered_at > moment:
                break
            stage = visit.stage
        return stage

    @property
    def stage(self) -> str:
        """The last stage it came to."""
        return self.visits[-1].stage

    def ends(self, now: datetime) -> datetime:
        """When it was over, or now."""
        return self.closed_at or now


def plan_deal(rng: Random, now: datetime, *, expansion: bool, leaning: float) -> DealPlan:
    """Draw a deal opened in the last fourteen months; `leaning` shifts its odds of being won."""
    age = MONTHS * 30.4 * rng.random() ** 1.35
    opened = at_work(now - timedelta(days=max(age, 1.5)), rng, until=now)
    amount, first = _amounts(rng)
    path = EXPANSION if expansion else NEW_BUSINESS
    plan = DealPlan(opened, path, amount, first)
    cycle = min(max(rng.lognormvariate(4.05, 0.55), 9), 230) * (0.6 if expansion else 1)
    fate = "won" if rng.random() < 0.5 + leaning else "lost"
    if opened + timedelta(days=cycle) > now:
        _walk(plan, rng, now, timedelta(days=cycle), path[-1])
        return plan
    if rng.random() < ASLEEP:
        _walk(plan, rng, now, timedelta(days=cycle), rng.choice(path[1:]))
        return plan
    last = path[-1] if fate == "won" else _lost_at(rng, path)
    _walk(plan, rng, now, timedelta(days=cycle), last)
    _close(plan, rng, now, opened + timedelta(days=cycle), fate)
    return plan


def _amounts(rng: Random) -> tuple[int, int]:
    """A log-normal amount around R$ 78 thousand, and what was first asked for."""
    amount = round(rng.lognormvariate(11.26, 0.55) / 100) * 10_000
    amount = min(max(amount, 1_800_000), 90_000_000)
    if rng.random() < 0.3:
        amount += rng.randrange(1, 10_000)
    first = round(amount / rng.uniform(0.82, 0.97)) if rng.random() < 0.22 else amount
    return amount, first


def _lost_at(rng: Random, path: tuple[str, ...]) -> str:
    stages = [stage for stage in path if stage in LOST_AT]
    return rng.choices(stages, [LOST_AT[stage] for stage in stages])[0]


def _walk(plan: DealPlan, rng: Random, now: datetime, length: timedelta, last: str) -> None:
    """Visit the stages one after the other, sometimes going back, until `last` or now."""
    stages = list(plan.path[: plan.path.index(last) + 1])
    if len(stages) > 3 and rng.random() < 0.09:
        back = rng.randrange(2, len(stages))
        stages[back + 1 : back + 1] = [stages[back - 1], stages[back]]
    weights = [SHARES[stage] * rng.lognormvariate(0, 0.45) for stage in stages]
    moment = plan.opened_at
    for stage, weight in zip(stages, weights, strict=True):
        plan.visits.append(Visit(stage, moment, _told(rng, moment, now)))
        moment = at_work(moment + length * (weight / sum(weights)), rng, until=now)
        moment = max(moment, plan.visits[-1].entered_at + timedelta(minutes=20))
        if moment >= now - timedelta(hours=1):
            break


def _told(rng: Random, moment: datetime, now: datetime) -> datetime:
    """Mostly at once; one move in six is entered days later, when somebody tidies up."""
    if rng.random() < 0.17:
        return later(moment, rng, days=4, until=now)
    return min(moment + timedelta(minutes=rng.randint(1, 50)), now)


def _close(plan: DealPlan, rng: Random, now: datetime, end: datetime, fate: str) -> None:
    last = plan.visits[-1].entered_at
    closed = max(at_work(end, rng, until=now), last + timedelta(hours=1))
    if closed > now:
        return
    plan.outcome, plan.closed_at = fate, closed
    if rng.random() < 0.05 and closed < now - timedelta(days=40):
        _reopen(plan, rng, now, closed)
    plan.close_recorded_at = _told(rng, plan.closed_at, now)


def _reopen(plan: DealPlan, rng: Random, now: datetime, closed: datetime) -> None:
    """A loss that was no loss: the deal comes back to its stage and is decided again."""
    back = later(closed, rng, days=12, until=now - timedelta(days=3))
    plan.reopened = (closed, back)
    plan.visits.append(Visit(plan.stage, back, _told(rng, back, now)))
    again = at_work(back + timedelta(days=rng.uniform(6, 30)), rng, until=now)
    plan.closed_at = max(again, back + timedelta(hours=2))
