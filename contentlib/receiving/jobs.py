"""Once a day: what stood still too long is forgotten, with the parts that came of it."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import delete, select

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.registry import Apply, Payload
from contentlib.receiving.landing import key_of
from contentlib.receiving.models import KEPT, Upload, UploadState, Way
from contentlib.receiving.protocol import REMEMBERED
from contentlib.storage import DirectStorage, Storage, clear_staging
from contentlib.storage.current import current_storage
from contentlib.storage.keys import INCOMING

log = structlog.get_logger("contentlib.receiving")
under_way = Upload.state.in_((UploadState.RECEIVING, UploadState.STORING))

jobs.daily("receiving.tidy")


@jobs.handler("receiving.tidy")
def tidy(_payloads: Sequence[Payload]) -> Apply:
    """Remove files of uploads that nobody carried on, then their rows."""
    storage, before = current_storage(), now() - KEPT
    files = clear_staging(storage, before=before)
    if storage.direct is not None:
        files += _clear_store(storage, storage.direct, before)
    if files:
        log.info("uploads forgotten", files=files)
    return lambda: _forget_rows(before)


def _clear_store(storage: Storage, direct: DirectStorage, before: datetime) -> int:
    """Remove what browsers sent to the store and nobody carries on; what moves is left alone."""
    rows = select(Upload.id, Upload.moved_at).where(under_way, Upload.way != Way.APPLICATION)
    moves = {key_of(row.id): row.moved_at >= before for row in db.session.execute(rows)}
    # By rows too: there are servers that list what was begun by its whole key only.
    left = {key for key, does in moves.items() if not does}
    left |= {item.key for item in storage.find(INCOMING) if item.modified < before}
    left |= {key for key, begun in direct.begun(INCOMING) if begun < before}
    forgotten = [key for key in left if not moves.get(key)]
    for key in forgotten:
        direct.discard(key)
    return len(forgotten)


def _forget_rows(before: datetime) -> None:
    db.session.execute(delete(Upload).where(under_way, Upload.moved_at < before))
    # Whoever asks again for what came long ago hears it from the receipt of what became of it.
    long_ago = now() - REMEMBERED
    db.session.execute(delete(Upload).where(~under_way, Upload.moved_at < long_ago))
