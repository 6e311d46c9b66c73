"""Once a day: what stood still too long is forgotten, with the parts that came of it."""

from collections.abc import Sequence

import structlog
from sqlalchemy import delete

from contentlib import jobs
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.jobs.registry import Apply, Payload
from contentlib.receiving.models import KEPT, Upload, UploadState
from contentlib.receiving.protocol import REMEMBERED
from contentlib.storage import clear_staging
from contentlib.storage.current import current_storage

log = structlog.get_logger("contentlib.receiving")

jobs.daily("receiving.tidy")


@jobs.handler("receiving.tidy")
def tidy(_payloads: Sequence[Payload]) -> Apply:
    """Remove files of uploads that nobody carried on, then their rows."""
    files = clear_staging(current_storage(), before=now() - KEPT)
    if files:
        log.info("uploads forgotten", files=files)
    return _forget_rows


def _forget_rows() -> None:
    still = Upload.state.in_((UploadState.RECEIVING, UploadState.STORING))
    db.session.execute(delete(Upload).where(still, Upload.moved_at < now() - KEPT))
    # Whoever asks again for what came long ago hears it from the receipt of what became of it.
    db.session.execute(delete(Upload).where(~still, Upload.moved_at < now() - REMEMBERED))
