"""Once a day: objects that no row speaks of are marked, and after a grace period removed.

What has a row is never touched, whatever its row says of how long it is to be kept.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

import structlog

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.jobs.registry import Apply, Payload
from contentlib.library.care import tombstones
from contentlib.library.care.kept import without_row
from contentlib.storage.current import current_storage

SWEEPING, REMOVING = "library.sweep", "library.remove"
# An upload puts its bytes first and writes its rows after.
UNTOUCHED = timedelta(hours=24)
# As many as a store removes in the time that a worker has them in hand.
AT_ONCE = 1000

log = structlog.get_logger("contentlib.library")

jobs.daily(SWEEPING)


@jobs.handler(SWEEPING, rank=2)
def sweep(_payloads: Sequence[Payload]) -> Apply:
    """Look for objects without a row; what is found is only written down."""
    before = now() - UNTOUCHED
    # The store is listed first: what gets its row meanwhile is not found.
    old = [item for item in current_storage().find() if item.modified < before]
    keys = [item.key for item in without_row(old)]
    return lambda: _write_down(keys)


def _write_down(keys: Collection[str]) -> None:
    tombstones.tidy()
    tombstones.mark(keys)
    condemned = tombstones.condemn(AT_ONCE)
    if keys or condemned:
        log.info("objects without a row", found=len(keys), condemned=condemned)
    if condemned:
        jobs.enqueue(REMOVING, "condemned")


@jobs.handler(REMOVING, rank=2)
def remove(_payloads: Sequence[Payload]) -> Apply:
    """Remove what has been condemned just now; the rest is condemned anew another day."""
    gone = []
    for key, since in tombstones.condemned():
        if now() - since < tombstones.IN_HAND:
            current_storage().delete(key)
            gone.append(key)
    log.info("objects removed", count=len(gone))
    return lambda: _forget(gone)


def _forget(gone: Collection[str]) -> None:
    tombstones.forget(gone)
    if len(gone) == AT_ONCE:
        jobs.enqueue(SWEEPING, "daily")
