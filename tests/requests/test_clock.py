"""The clock of a request: working time for accepting, then for delivering, and its pauses."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.working_time import WorkingHours
from contentlib.requests.clock import Agreement, Clock, Owed, clock_of
from contentlib.requests.models import OPEN, State

ZONE = "America/Sao_Paulo"
AGREED = Agreement(WorkingHours(ZONE), accept_days=2, delivery_days=10)
HOUR = timedelta(hours=1)


class Step(NamedTuple):
    state: State
    at: datetime


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, which has no holiday; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(ZONE))


def clock(moment: datetime, *steps: Step) -> Clock:
    found = clock_of(steps, AGREED, moment)
    assert found is not None
    return found


def test_a_new_request_is_to_be_accepted_within_two_working_days() -> None:
    told = clock(at(3, 14, 48), Step(State.NEW, at(2, 9)))
    assert (told.owed, told.left) == (Owed.ACCEPTANCE, 3 * HOUR + timedelta(minutes=12))
    assert (told.due_at, told.is_overdue) == (at(3, 18), False)


def test_from_being_accepted_on_the_days_of_delivery_run() -> None:
    steps = Step(State.NEW, at(2, 9)), Step(State.ACCEPTED, at(9, 9))
    told = clock(at(9, 10), *steps)
    assert (told.owed, told.left) == (Owed.DELIVERY, 89 * HOUR)
    assert told.due_at == at(20, 18)
    later = clock(at(10, 10), *steps, Step(State.PRODUCTION, at(9, 12)))
    assert (later.left, later.due_at) == (80 * HOUR, told.due_at)


def test_the_clock_stands_still_only_while_it_waits_for_who_asked() -> None:
    steps = (
        Step(State.NEW, at(2, 9)),
        Step(State.ACCEPTED, at(2, 9)),
        Step(State.WAITING, at(3, 9)),
    )
    for moment in (at(3, 9), at(3, 17), at(30, 17)):
        told = clock(moment, *steps)
        assert (told.left, told.stands_still, told.due_at) == (81 * HOUR, True, None)
    again = (*steps, Step(State.ACCEPTED, at(5, 9)))
    told = clock(at(5, 10), *again)
    assert (told.left, told.stands_still) == (80 * HOUR, False)
    assert told.due_at == at(17, 18), "two working days later than without the question"


def test_a_question_before_it_is_accepted_pauses_that() -> None:
    steps = (
        Step(State.NEW, at(2, 9)),
        Step(State.WAITING, at(2, 12)),
        Step(State.NEW, at(6, 9)),
    )
    told = clock(at(6, 10), *steps)
    assert (told.owed, told.left) == (Owed.ACCEPTANCE, 14 * HOUR)


def test_what_is_overdue_says_since_when() -> None:
    told = clock(at(5, 11), Step(State.NEW, at(2, 9)))
    assert (told.left, told.is_overdue) == (-11 * HOUR, True)
    assert told.due_at == at(3, 18)


def test_what_is_answered_owes_nothing() -> None:
    for state in set(State) - set(OPEN):
        assert (
            clock_of([Step(State.NEW, at(2, 9)), Step(state, at(3, 9))], AGREED, at(9, 9)) is None
        )
    assert clock_of([], AGREED, at(2, 9)) is None


states = st.sampled_from((State.ACCEPTED, State.PRODUCTION, State.REVIEW, State.WAITING))
pauses = st.timedeltas(timedelta(0), timedelta(days=9))


@given(st.lists(st.tuples(states, pauses), max_size=8), pauses)
def test_what_is_left_is_the_agreement_without_the_time_that_was_worked(
    moves: list[tuple[State, timedelta]], rest: timedelta
) -> None:
    steps, moment = [Step(State.NEW, at(2, 9)), Step(State.ACCEPTED, at(2, 10))], at(2, 10)
    worked = timedelta(0)
    for state, pause in moves:
        if steps[-1].state is not State.WAITING:
            worked += AGREED.hours.between(moment, moment + pause)
        moment += pause
        steps.append(Step(state, moment))
    if steps[-1].state is not State.WAITING:
        worked += AGREED.hours.between(moment, moment + rest)
    told = clock(moment + rest, *steps)
    assert told.left == 90 * HOUR - worked
    if told.due_at is not None:
        assert (told.due_at < moment + rest) == told.is_overdue or told.left == timedelta(0)
