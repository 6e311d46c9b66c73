"""How much room files take and may take, as the settings of this installation say."""

from flask import current_app
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import start_of_day
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion, Blob
from contentlib.receiving import room
from contentlib.storage import Storage


@room.counted_by
class Blobs:
    """Counts the bytes of all versions, the same bytes once."""

    def in_all(self) -> int:
        """Count everything that is kept."""
        return int(db.session.scalar(select(func.sum(Blob.size))) or 0)

    def brought_today(self, by: User) -> int:
        """Count what somebody's versions of today brought that nobody had brought before."""
        today = start_of_day(firm_today(), _settings().timezone)
        mine = select(AssetVersion.blob_sha256).where(
            AssetVersion.created_by_id == by.id, AssetVersion.created_at >= today
        )
        new = select(func.sum(Blob.size)).where(Blob.sha256.in_(mine), Blob.created_at >= today)
        return int(db.session.scalar(new) or 0)


def refuse_without_room(storage: Storage, size: int, *, by: User | None) -> None:
    """Refuse a file that there is no room for, before its first byte is read."""
    room.refuse_without_room(size, storage.staging, _settings(), by)


def refuse_without_disk(storage: Storage, size: int) -> None:
    """Refuse a file of this machine that the store has no room for; it may turn out to be known."""
    room.refuse_without_disk(size, storage.staging, _settings())


def refuse_over_quota(size: int, *, by: User | None) -> None:
    """Refuse bytes that have arrived and that may not be kept after all."""
    room.refuse_over_quota(size, _settings(), by)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
