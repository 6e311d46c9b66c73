"""Work is done once it is asked for, folded when claimed, and retried when it fails."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs import queue, registry
from contentlib.jobs.models import Job, JobState
from contentlib.jobs.worker import Worker

LEASE = timedelta(seconds=60)


@pytest.fixture
def done() -> Iterator[list[object]]:
    """A kind of job that notes what it was given, and fails when told to."""
    seen: list[object] = []

    @jobs.handler("test.note", attempts=2)
    def note(payloads: object) -> None:
        seen.append(payloads)
        if payloads == [{"fail": True}]:
            raise RuntimeError("told to fail")
        if payloads == [{"later": True}]:
            raise jobs.NotYet("nobody answers", timedelta(minutes=5))
        if payloads == [{"never": True}]:
            raise jobs.GivenUp("nobody has it")

    yield seen
    registry._handlers.pop("test.note")


def test_jobs_with_one_key_are_done_in_one_run(app: Flask, done: list[object]) -> None:
    for number in range(3):
        jobs.enqueue("test.note", "same", {"n": number})
    db.session.commit()
    Worker(app, lease_seconds=60).drain()
    assert done == [[{"n": 2}]]
    assert {job.state for job in db.session.query(Job)} == {JobState.DONE}


def test_a_job_asked_for_while_its_predecessor_runs_is_not_folded_away(app: Flask) -> None:
    jobs.enqueue("test.other", "same")
    db.session.flush()
    queue.claim("first", LEASE)
    jobs.enqueue("test.other", "same")
    db.session.flush()
    assert len(queue.claim("second", LEASE)) == 1


def test_what_a_person_waits_for_goes_before_what_only_makes_things_nicer(app: Flask) -> None:
    for kind in ("library.preview", "library.extract", "search.index"):
        jobs.enqueue(kind, "x")
    db.session.flush()
    order = [queue.claim("worker", LEASE)[0].kind for _turn in range(3)]
    assert order == ["search.index", "library.extract", "library.preview"]


def test_a_failing_job_is_retried_and_then_laid_aside_with_its_reason(
    app: Flask, done: list[object]
) -> None:
    job = jobs.enqueue("test.note", "bad", {"fail": True})
    db.session.commit()
    worker = Worker(app, lease_seconds=60)
    worker.drain()
    assert job.state == JobState.QUEUED
    assert job.run_after > now()
    job.run_after = now()
    db.session.commit()
    worker.drain()
    assert job.state == JobState.DEAD
    assert "told to fail" in (job.last_error or "")


def test_what_cannot_be_done_yet_is_put_off_however_often_and_counts_as_no_attempt(
    app: Flask, done: list[object]
) -> None:
    job = jobs.enqueue("test.note", "later", {"later": True})
    db.session.commit()
    for _time in range(queue.MOST_STARTS + 1):
        job.run_after = now()
        db.session.commit()
        Worker(app, lease_seconds=60).drain()
        assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert job.last_error == "nobody answers"
    assert job.run_after > now() + timedelta(minutes=4)


def test_what_no_attempt_would_bring_about_is_laid_aside_at_once(
    app: Flask, done: list[object]
) -> None:
    job = jobs.enqueue("test.note", "never", {"never": True})
    db.session.commit()
    Worker(app, lease_seconds=60).drain()
    assert (job.state, job.last_error, len(done)) == (JobState.DEAD, "nobody has it", 1)


def test_a_job_whose_worker_fell_silent_is_taken_by_another(app: Flask) -> None:
    jobs.enqueue("test.other", "a")
    db.session.flush()
    (job,) = queue.claim("silent", LEASE)
    assert queue.claim("other", LEASE) == []
    job.leased_until = now() - timedelta(seconds=1)
    db.session.flush()
    assert queue.claim("other", LEASE) == [job]
    assert queue.extend([job.id], "silent", LEASE) == 0


def test_work_that_ends_its_worker_each_time_is_laid_aside(app: Flask) -> None:
    job = jobs.enqueue("test.poison", "x")
    db.session.flush()
    for _death in range(queue.MOST_STARTS):
        assert queue.claim("worker", LEASE) == [job]
        job.leased_until = now() - timedelta(seconds=1)
        db.session.flush()
    assert queue.claim("worker", LEASE) == []
    assert job.state == JobState.DEAD
    assert "ended 25 times" in (job.last_error or "")


def test_daily_work_is_asked_for_once_however_many_workers_start(app: Flask) -> None:
    for _worker in range(3):
        Worker(app, lease_seconds=60).ask_for_daily_work()
    folded = queue.claim("worker", LEASE)
    assert {job.kind for job in folded} == {"audit.chain"}
    assert len(folded) == 3
    assert len(queue.payloads(folded)) == 1


def test_a_kind_that_nobody_does_is_visible_as_dead(app: Flask) -> None:
    job = jobs.enqueue("test.nobody", "x")
    db.session.commit()
    Worker(app, lease_seconds=60).drain()
    assert job.state == JobState.DEAD
    assert "test.nobody" in (job.last_error or "")
