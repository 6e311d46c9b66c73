"""Materials that the index may still take for visible, though somebody may not see them any more.

The index follows changes within a second. In between, the outbox tells which materials changed, and
the database who may see them; counts, facets and suggestions then leave them out at once.
"""

from datetime import timedelta
from functools import lru_cache

from sqlalchemy import BigInteger, Select, and_, bindparam, case, cast, func, select, union_all

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding.searcher import Searcher
from contentlib.jobs.models import Job, JobState
from contentlib.library.models import Asset
from contentlib.search.jobs import INDEXING

# Readers look for a new commit less often than this; what was indexed before is seen by all.
SETTLED = timedelta(seconds=2)
# Only to find the youngest of many finished jobs by an index.
NOT_LONGER_AGO = timedelta(minutes=10)
# What the name of a material begins with in the index; its number follows.
ASSET = "asset:"

_WORK = select(Job.kind, Job.key)
_CHANGED = union_all(
    _WORK.where(Job.state.in_((JobState.QUEUED, JobState.RUNNING, JobState.DEAD))),
    _WORK.where(
        Job.state == JobState.DONE,
        Job.run_after >= bindparam("recently", type_=Job.run_after.type),
        Job.finished_at >= bindparam("unsettled", type_=Job.finished_at.type),
    ),
).subquery()
# Asked of each row instead of compared by it, so that no planner goes through all the indexing that
# was ever done; and so that no database takes the key of other work for a number.
_IS_INDEXING = case((_CHANGED.c.kind == INDEXING, 1), else_=0) == 1
_NUMBER = case(
    (
        and_(_CHANGED.c.kind == INDEXING, _CHANGED.c.key.startswith(ASSET)),
        cast(func.substr(_CHANGED.c.key, 1 + len(ASSET)), BigInteger),
    )
)


def withheld_from(searcher: Searcher) -> frozenset[str]:
    """Return the ids of changed materials that a person may not see, while that matters.

    A large import changes thousands, of which nearly all may be seen: only the others are fetched.
    """
    moment = now()
    times = {"recently": moment - NOT_LONGER_AGO, "unsettled": moment - SETTLED}
    return frozenset(db.session.scalars(_hidden_from(searcher), times))


@lru_cache(maxsize=16)
def _hidden_from(searcher: Searcher) -> Select[str]:
    """Return the statement for a role on a day, which is put together once."""
    seen = select(Asset.id).where(Asset.id == _NUMBER, searcher.may_find()).correlate(_CHANGED)
    return select(_CHANGED.c.key).where(_IS_INDEXING, ~seen.exists())
