"""Whether there is room for a file: asked before its first byte, and again before its rows.

What is on its way counts as if it were here, so that two uploads are not promised the same room.
What is here already, packages above count: they register how.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select, text

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.errors import N_
from contentlib.receiving.models import KEPT, Upload, UploadState
from contentlib.storage import StorageFull, UploadTooLarge

MEGABYTE = 2**20
NO_QUOTA = N_(
    "There is no room for this file of %(size)d MB: %(left)d MB of the %(quota)d MB that the"
    " library may keep are free. An administrator can remove for good what nobody needs, or give"
    " it more room."
)
NO_DISK = N_(
    "There is no room for this file of %(size)d MB: %(left)d MB are free on the disk beside what"
    " must stay free. Ask an administrator for more room."
)
ENOUGH_TODAY = N_(
    "You have sent %(sent)d MB today, and %(quota)d MB a day are allowed: too little is left for"
    " this file of %(size)d MB. Go on tomorrow, or ask an administrator for more."
)
# Any number, the same in every process: who has it decides alone about room.
_LOCK = 0x726F6F6D


class Kept(Protocol):
    """Counts what is here already, each once however many materials have it; in bytes."""

    def in_all(self) -> int:
        """Count everything that is kept."""
        ...

    def brought_today(self, by: User) -> int:
        """Count what a person has brought today that was not here before."""
        ...


_kept: list[Kept] = []


def counted_by(counts: Callable[[], Kept]) -> Callable[[], Kept]:
    """Register a class as the one that counts what is kept."""
    _kept[:] = [counts()]
    return counts


def refuse_without_room(
    size: int, staging: Path, settings: Settings, by: User | None, *, most_mb: int | None = None
) -> None:
    """Refuse a file of so many bytes that is larger than allowed, or that there is no room for.

    What is kept free (`free_space_mb`) lets the database and everything else go on. Nobody else is
    promised room until this transaction ends.
    """
    refuse_too_large(size, most_mb or settings.max_upload_mb)
    _decide_alone()
    refuse_without_disk(size, staging, settings)
    _refuse_over(settings, size, under_way(), by, _sent_by(by))


def refuse_over_quota(size: int, settings: Settings, by: User | None) -> None:
    """Refuse bytes that have arrived and that the library may not keep after all.

    What others have begun to send does not count: it may never come.
    """
    if not settings.quota_mb and not settings.daily_upload_mb:
        return
    _decide_alone()
    _refuse_over(settings, size, 0, by, 0)


def refuse_without_disk(size: int, staging: Path, settings: Settings) -> None:
    """Refuse a file that the disk has no room for, beside what must stay free."""
    free = free_for_files(staging, settings)
    if size > free:
        raise StorageFull(NO_DISK, size=_up(size), left=_down(free))


def refuse_too_large(size: int, most_mb: int) -> None:
    """Refuse a file that is larger than any may be."""
    if size > most_mb * MEGABYTE:
        raise UploadTooLarge(
            N_("This file is larger than the %(megabytes)d MB allowed for one file."),
            megabytes=most_mb,
        )


def kept_in_all() -> int:
    """Count the bytes that the library keeps."""
    return sum(kept.in_all() for kept in _kept)


def under_way() -> int:
    """Count the bytes of uploads that were begun and may still arrive, whole."""
    return _sum(func.sum(Upload.size), UploadState.RECEIVING, UploadState.STORING)


def free_for_files(staging: Path, settings: Settings) -> int:
    """Count the bytes that more files may take of the disk, beside those that are to come."""
    to_come = _sum(func.sum(Upload.size - Upload.received), UploadState.RECEIVING)
    reserve = settings.free_space_mb * MEGABYTE
    return shutil.disk_usage(staging).free - to_come - reserve


def _refuse_over(
    settings: Settings, size: int, to_come: int, by: User | None, sending: int
) -> None:
    quota = settings.quota_mb * MEGABYTE
    left = quota - kept_in_all() - to_come if quota else size
    if size > left:
        raise StorageFull(NO_QUOTA, size=_up(size), left=_down(left), quota=settings.quota_mb)
    daily = settings.daily_upload_mb * MEGABYTE
    if not daily or by is None:
        return
    sent = sum(kept.brought_today(by) for kept in _kept) + sending
    if sent + size > daily:
        mine = {"sent": _up(sent), "quota": settings.daily_upload_mb, "size": _up(size)}
        raise StorageFull(ENOUGH_TODAY, **mine)


def _sent_by(by: User | None) -> int:
    if by is None:
        return 0
    mine = Upload.user_id == by.id
    return _sum(func.sum(Upload.size), UploadState.RECEIVING, UploadState.STORING, whose=mine)


def _sum(what: object, *states: UploadState, whose: object = True) -> int:
    alive = Upload.state.in_(states) & (Upload.moved_at > now() - KEPT)
    statement = select(what).where(alive)  # type: ignore[call-overload]
    if whose is not True:
        statement = statement.where(whose)
    return int(db.session.scalar(statement) or 0)


def _decide_alone() -> None:
    """Let one transaction at a time promise room; on SQLite one writes at a time anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _up(size: int) -> int:
    return -(-size // MEGABYTE)


def _down(size: int) -> int:
    return max(size, 0) // MEGABYTE
