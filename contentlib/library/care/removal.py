"""Removing for good: asked for, undoable for some days, then done.

The bytes and words go; rows, events, credit and history stay. What another version consists of as
well is not touched.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, ContentlibError
from contentlib.library.care import custody, tombstones
from contentlib.library.care.custody import Act, CustodyStep, stands
from contentlib.library.care.holds import reason_of, refuse_kept
from contentlib.library.care.withheld import locked
from contentlib.library.indexing import changed
from contentlib.library.models import Asset, AssetVersion, Blob, BlobPage, Status, VersionKind
from contentlib.library.release.service import hold as alone_with
from contentlib.storage import object_key

REMOVALS = "library.removals"
AT_ONCE = 50
ASKED_ALREADY = N_("Its removal has been asked for already.")
NOTHING_LEFT = N_("There is nothing left to remove.")
ARCHIVE_FIRST = N_("Only an archived material can be removed for good. Archive it first.")
ON_AIR = N_("Sellers see this version. Publish another one first, or archive the material.")
ONLY_FILES = N_("Only the file of a version can be removed by itself.")


def ask(
    asset: Asset,
    *,
    version: AssetVersion | None = None,
    by: User | None,
    reason: str,
    today: date,
    grace: timedelta,
) -> CustodyStep:
    """Have an archived material removed, or the file of one version, once a grace is over."""
    why = reason_of(reason)
    alone_with(asset)
    _refuse(asset, version, today)
    if any(step.version in (None, version) for step in custody.standing(Act.REMOVAL_ASKED, asset)):
        raise Conflict(ASKED_ALREADY)
    asked = custody.record(Act.REMOVAL_ASKED, asset=asset, version=version, by=by, note=why)
    jobs.enqueue(REMOVALS, f"asked:{asked.id}").run_after = asked.at + grace
    return asked


def undo(asked: CustodyStep, *, by: User) -> None:
    """Keep what was to be removed."""
    asset = asked.asset
    if asked.act is not Act.REMOVAL_ASKED or asset is None:
        raise Conflict(N_("There is no such removal."))
    alone_with(asset)
    if asked not in custody.standing(Act.REMOVAL_ASKED, asset):
        raise Conflict(N_("It is too late: this removal has been done, or is off already."))
    custody.record(
        Act.REMOVAL_UNDONE, asset=asset, version=asked.version, about=asked, by=by, note=""
    )


def carry_out(asked: CustodyStep, today: date) -> None:
    """Remove what was asked for, unless by now it must be kept or is in use: then it is off."""
    asset, version = asked.asset, asked.version
    if asset is None:
        return
    alone_with(asset)
    if asked not in custody.standing(Act.REMOVAL_ASKED, asset):
        return
    try:
        _refuse(asset, version, today)
    except ContentlibError as why:
        custody.record(
            Act.REMOVAL_UNDONE,
            asset=asset,
            version=version,
            about=asked,
            by=None,
            note=why.message,
        )
        return
    for one in [version] if version else asset.versions:
        if one.removed_at is None:
            _empty(one, asked)
    if version is None:
        custody.record(Act.REMOVED, asset=asset, about=asked, by=asked.by, note=asked.note)
    changed(asset)


def due(before: datetime) -> Sequence[int]:
    """Return the removals asked for before a moment and not done yet, the oldest first."""
    asked = select(CustodyStep.id).where(CustodyStep.act == Act.REMOVAL_ASKED, stands())
    asked = asked.where(CustodyStep.at <= before).order_by(CustodyStep.id).limit(AT_ONCE)
    return db.session.scalars(asked).all()


def is_removed() -> ColumnElement[bool]:
    """Return the condition for materials of which nothing is left but its history."""
    mine = select(AssetVersion.id).where(AssetVersion.asset_id == Asset.id)
    left = mine.where(AssetVersion.removed_at.is_(None))
    return mine.exists() & ~left.exists()


def _refuse(asset: Asset, version: AssetVersion | None, today: date) -> None:
    """Refuse what must not be removed: on every path, when it is asked for and when it is done."""
    refuse_kept(asset, today)
    wanted = [version] if version else asset.versions
    if all(one.removed_at is not None for one in wanted):
        raise Conflict(NOTHING_LEFT)
    if version is None and asset.status is not Status.ARCHIVED:
        raise Conflict(ARCHIVE_FIRST)
    if version is not None and version.kind is not VersionKind.FILE:
        raise Conflict(ONLY_FILES)
    if version is asset.published_version and asset.status is Status.PUBLISHED:
        raise Conflict(ON_AIR)


def _empty(version: AssetVersion, asked: CustodyStep) -> None:
    """Take the content from a version; it says since when and by whom."""
    sha256 = version.blob_sha256
    version.blob_sha256 = version.url = version.body = None
    version.removed_at, version.removed_by_id = now(), asked.by_id
    db.session.flush()
    db.session.expire(version, ["blob"])
    custody.record(
        Act.REMOVED,
        sha256=sha256,
        asset=version.asset,
        version=version,
        about=asked,
        by=asked.by,
        note=asked.note,
    )
    if sha256 is not None:
        _forget(sha256)


def _forget(sha256: str) -> None:
    """Remove the row of bytes that no version consists of; the sweeper removes what has none.

    Until it does, a day later, a backup that was begun before still finds them.
    """
    blob = locked(sha256)
    used = select(exists().where(AssetVersion.blob_sha256 == sha256))
    if blob is None or db.session.scalar(used):
        return
    db.session.execute(delete(BlobPage).where(BlobPage.sha256 == sha256))
    db.session.expunge(blob)
    db.session.execute(delete(Blob).where(Blob.sha256 == sha256))
    tombstones.mark([object_key(sha256)])
