"""Whether there is room for a file, asked before its first byte is sent."""

import shutil
from pathlib import Path

from contentlib.core.config import Settings
from contentlib.core.errors import N_
from contentlib.storage import StorageFull, UploadTooLarge

MEGABYTE = 2**20


def refuse_without_room(
    size: int, staging: Path, settings: Settings, *, most_mb: int | None = None
) -> None:
    """Refuse a file that is larger than allowed, or that the disk has no room for.

    What is kept free (`free_space_mb`) lets the database and everything else go on.
    """
    most = most_mb or settings.max_upload_mb
    if size > most * MEGABYTE:
        raise UploadTooLarge(
            N_("This file is larger than the %(megabytes)d MB allowed for one file."),
            megabytes=most,
        )
    if shutil.disk_usage(staging).free - size < settings.free_space_mb * MEGABYTE:
        raise StorageFull(N_("The store is full: new files are refused until there is room."))
