"""Questions about the installation's work."""

from collections.abc import Sequence

from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.jobs.models import Job, JobState


def job_counts() -> dict[str, int]:
    """Return how many jobs there are in each state."""
    rows = db.session.execute(select(Job.state, func.count(Job.id)).group_by(Job.state))
    return {str(state): count for state, count in rows}


def dead_jobs(limit: int = 50) -> Sequence[Job]:
    """Return the youngest jobs that failed for good."""
    return db.session.scalars(
        select(Job).where(Job.state == JobState.DEAD).order_by(Job.id.desc()).limit(limit)
    ).all()


def get_dead_job(job_id: int) -> Job:
    """Return a job that failed for good, or say that there is none."""
    job = db.session.get(Job, job_id)
    if job is None or job.state != JobState.DEAD:
        raise Absent
    return job
