"""Putting work into the outbox and taking it out under a lease."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select, update

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.models import Job, JobState
from contentlib.jobs.registry import handler_of, ranks

MOST_STARTS = 25


def enqueue(kind: str, key: str, payload: dict[str, Any] | None = None) -> Job:
    """Ask for work in the transaction at hand: it happens if, and only if, that one commits."""
    job = Job(kind=kind, key=key, payload=payload or {})
    db.session.add(job)
    return job


def claim(worker: str, lease: timedelta) -> list[Job]:
    """Take the oldest due job and those that can be done with it, under a lease.

    Jobs with one kind and key are folded here, never when they are written: a change that comes
    while its predecessor runs would otherwise be lost.
    """
    moment = now()
    first = db.session.scalars(
        select(Job)
        .where(_due(moment))
        .order_by(case(ranks(), value=Job.kind, else_=1), Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if first is None:
        return []
    jobs = list(db.session.scalars(_companions(first, moment)))
    if first.attempts >= MOST_STARTS:
        # Work that ends its worker each time would otherwise be begun for ever.
        fail(jobs, f"its worker ended {first.attempts} times without an answer", most=0)
        return claim(worker, lease)
    for job in jobs:
        job.state = JobState.RUNNING
        job.attempts += 1
        job.leased_by = worker
        job.leased_until = moment + lease
    db.session.flush()
    return jobs


def _due(moment: datetime) -> Any:
    waiting = (Job.state == JobState.QUEUED) & (Job.run_after <= moment)
    abandoned = (Job.state == JobState.RUNNING) & (Job.leased_until < moment)
    return or_(waiting, abandoned)


def _companions(first: Job, moment: datetime) -> Any:
    handler = handler_of(first.kind)
    batch = handler.batch if handler else 1
    query = select(Job).where(_due(moment), Job.kind == first.kind)
    if batch == 1:
        query = query.where(Job.key == first.key)
    # A burst of changes to one thing may fill the batch; the rest is due at the next turn.
    return query.order_by(Job.id).limit(max(batch, 50)).with_for_update(skip_locked=True)


def payloads(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return one payload for each key, the youngest."""
    return list({job.key: job.payload for job in jobs}.values())


def extend(job_ids: Sequence[int], worker: str, lease: timedelta) -> int:
    """Prolong a lease while the work goes on; returns how many jobs are still ours."""
    result = db.session.execute(
        update(Job)
        .where(Job.id.in_(job_ids), Job.leased_by == worker, Job.state == JobState.RUNNING)
        .values(leased_until=now() + lease)
    )
    return int(getattr(result, "rowcount", 0))


def release_of(worker: str) -> None:
    """Give back what a worker held that is known to be gone, without waiting for its lease."""
    db.session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.leased_by == worker)
        .values(leased_until=now() - timedelta(seconds=1))
    )


def holders() -> list[str]:
    """Return the names of all workers that hold jobs."""
    held = select(Job.leased_by).where(Job.state == JobState.RUNNING).distinct()
    return [name for name in db.session.scalars(held) if name]


def finish(jobs: Sequence[Job]) -> None:
    """Mark jobs as done, in the transaction of the work itself."""
    for job in jobs:
        job.state = JobState.DONE
        job.finished_at = now()
        job.leased_until = None


def fail(jobs: Sequence[Job], error: str, *, most: int) -> None:
    """Put failed jobs back with a growing pause, or lay them aside for a person."""
    for job in jobs:
        job.last_error = error[:2000]
        job.leased_until = None
        if job.attempts >= most:
            job.state = JobState.DEAD
            job.finished_at = now()
        else:
            job.state = JobState.QUEUED
            job.run_after = now() + timedelta(seconds=min(2**job.attempts, 600))


def postpone(jobs: Sequence[Job], reason: str, pause: timedelta) -> None:
    """Put back what could not be done yet, as if it had not been tried."""
    for job in jobs:
        job.last_error = reason[:2000]
        job.leased_until = None
        job.state = JobState.QUEUED
        job.attempts -= 1
        job.run_after = now() + pause


def retry(job: Job) -> None:
    """Let a dead job be tried again from the start."""
    job.state, job.attempts, job.run_after = JobState.QUEUED, 0, now()
