"""Once a day: bundles that nobody went on sending are forgotten, with what came of them."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.importing.bundles import queries, service
from contentlib.importing.bundles.models import ImportFile
from contentlib.importing.models import ImportRun, State
from contentlib.jobs.registry import Apply, Payload
from contentlib.storage.current import current_storage

KEPT = timedelta(days=7)
"""How long a bundle of which not everything has arrived can be carried on."""

GRACE = timedelta(days=2)
"""How long what was sent may lie in the store before a row must speak of it."""

log = structlog.get_logger("contentlib.importing")

jobs.daily("importing.tidy")


@jobs.handler("importing.tidy")
def tidy(_payloads: Sequence[Payload]) -> Apply | None:
    """Remove what was sent for imports that are not there, then forget abandoned ones."""
    storage, before = current_storage(), now() - GRACE
    lying = [found.key for found in storage.find("imports/") if found.modified < before]
    wanted = _wanted()
    left = [key for key in lying if key not in wanted]
    for key in left:
        storage.delete(key)
    if left:
        log.info("files of no import removed", files=len(left))
    return _forget_abandoned


def _wanted() -> set[str]:
    archives = select(ImportRun.storage_key).where(ImportRun.storage_key.is_not(None))
    sent = select(ImportFile.place).where(ImportFile.place.like("imports/%"))
    return {str(key) for rows in (archives, sent) for key in db.session.scalars(rows)}


def _forget_abandoned() -> None:
    old = queries.runs().where(ImportRun.state == State.MAPPING)
    for run in db.session.scalars(old.where(ImportRun.created_at < now() - KEPT)):
        service.forget(run)
