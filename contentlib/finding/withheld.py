"""Materials that the index may still take for visible, though somebody may not see them any more.

The index follows changes within a second. In between, the outbox tells which materials changed, and
the database who may see them; counts, facets and suggestions then leave them out at once.
"""

from datetime import timedelta

from sqlalchemy import CompoundSelect, select, union

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding.searcher import Searcher
from contentlib.jobs.models import Job, JobState
from contentlib.library.indexing import document_id
from contentlib.library.models import Asset
from contentlib.search.jobs import INDEXING

# Readers look for a new commit less often than this; what was indexed before is seen by all.
SETTLED = timedelta(seconds=2)
# Only to find the youngest of many finished jobs by an index.
NOT_LONGER_AGO = timedelta(minutes=10)


def withheld_from(searcher: Searcher) -> frozenset[str]:
    """Return the ids of changed materials that a person may not see, while that matters."""
    changed = {key for kind, key in db.session.execute(_unsettled()) if kind == INDEXING}
    if not changed:
        return frozenset()
    numbers = [int(key.removeprefix("asset:")) for key in changed if key.startswith("asset:")]
    allowed = select(Asset.id).where(Asset.id.in_(numbers), searcher.may_find())
    return frozenset(changed - {document_id(asset_id) for asset_id in db.session.scalars(allowed)})


def _unsettled() -> CompoundSelect[str, str]:
    """Select kind and key of work that waits, and of work that was just done.

    Not by kind in the statement: the planner would go through everything of that kind ever done.
    """
    moment = now()
    work = select(Job.kind, Job.key)
    waiting = work.where(Job.state.in_((JobState.QUEUED, JobState.RUNNING, JobState.DEAD)))
    done = work.where(
        Job.state == JobState.DONE,
        Job.run_after >= moment - NOT_LONGER_AGO,
        Job.finished_at >= moment - SETTLED,
    )
    return union(waiting, done)
