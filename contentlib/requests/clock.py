"""The clock of a request: how much working time marketing has left to accept it, then to deliver.

Pure: states with the moments at which they began, oldest first, go in. While a request waits for
who asked it the clock stands still; taking it up again goes on where it stood. Times are working
time as `core.working_time` counts it. Source of the limits: the settings of the installation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from contentlib.core.working_time import NONE, WorkingHours
from contentlib.requests.models import OPEN, State


class Owed(StrEnum):
    """What marketing owes next."""

    ACCEPTANCE = "acceptance"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class Agreement:
    """How many working days marketing has for each of the two, and when people work."""

    hours: WorkingHours
    accept_days: float
    delivery_days: float

    def allows(self, owed: Owed) -> timedelta:
        """Return the working time that is agreed for what is owed."""
        days = self.accept_days if owed is Owed.ACCEPTANCE else self.delivery_days
        return self.hours.days(days)


@dataclass(frozen=True)
class Clock:
    """Where a request stands against the agreement.

    `left` is working time, below zero once overdue. `due_at` is when it runs out or ran out; while
    the clock stands still there is no such moment.
    """

    owed: Owed
    left: timedelta
    due_at: datetime | None
    stands_still: bool

    @property
    def is_overdue(self) -> bool:
        """Tell whether more time has gone than was agreed."""
        return self.left < NONE


class Step(Protocol):
    """One state of a request and when it began."""

    @property
    def state(self) -> State:
        """Return the state."""

    @property
    def at(self) -> datetime:
        """Return when it began."""


def clock_of(steps: Sequence[Step], agreement: Agreement, moment: datetime) -> Clock | None:
    """Return where a request stands at a moment; nothing of one that is answered."""
    if not steps or steps[-1].state not in OPEN:
        return None
    owed = _owed(steps)
    running = _running(steps, owed, moment)
    allowed = agreement.allows(owed)
    worked = sum((agreement.hours.between(*span) for span in running), NONE)
    stands_still = steps[-1].state is State.WAITING
    due_at = None if stands_still else _due(running, agreement, allowed)
    return Clock(owed, allowed - worked, due_at, stands_still)


def _owed(steps: Sequence[Step]) -> Owed:
    """Return what is owed: a request that waits owes what it owed before."""
    taken_up = any(step.state not in (State.NEW, State.WAITING) for step in steps)
    return Owed.DELIVERY if taken_up else Owed.ACCEPTANCE


def _running(
    steps: Sequence[Step], owed: Owed, moment: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the spans in which the clock of what is owed ran."""
    ends = [step.at for step in steps[1:]] + [moment]
    began = owed is Owed.ACCEPTANCE
    spans = []
    for step, end in zip(steps, ends, strict=True):
        began = began or step.state not in (State.NEW, State.WAITING)
        if began and step.state is not State.WAITING:
            spans.append((step.at, max(end, step.at)))
    return spans


def _due(
    running: Sequence[tuple[datetime, datetime]], agreement: Agreement, allowed: timedelta
) -> datetime:
    """Return when the agreed time runs out if nothing changes, or when it did."""
    left = allowed
    for start, end in running[:-1]:
        worked = agreement.hours.between(start, end)
        if worked >= left:
            return agreement.hours.after(start, left)
        left -= worked
    return agreement.hours.after(running[-1][0], left)
