"""Files that ask for somebody: nobody gets them, and only a person can change that."""

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.library.care.custody import Act, CustodyStep, stands
from contentlib.library.care.verdicts import ScanState
from contentlib.library.models import Asset, AssetVersion, Blob, Status

NEEDS_SOMEBODY = (ScanState.QUARANTINED, ScanState.FAILED)


def withheld_files_of(user: User) -> Select[AssetVersion]:
    """Select the versions that a person answers for and whose file nobody gets, newest first.

    Who may release files answers for all. An old version whose place was taken asks for nobody.
    """
    mine = or_(Asset.owner_id == user.id, Asset.deputy_id == user.id)
    return (
        select(AssetVersion)
        .join(AssetVersion.asset)
        .join(AssetVersion.blob)
        .where(_is_current(), Blob.scan.in_(NEEDS_SOMEBODY), Asset.status != Status.ARCHIVED)
        .where(true() if may(user, "file.release") else mine)
        .options(contains_eager(AssetVersion.asset), contains_eager(AssetVersion.blob))
        .order_by(AssetVersion.id.desc())
    )


def removals_of(user: User) -> Select[CustodyStep]:
    """Select what will be removed of the materials that a person answers for, the next first.

    Who may ask for removals answers for all.
    """
    mine = or_(Asset.owner_id == user.id, Asset.deputy_id == user.id)
    return (
        select(CustodyStep)
        .join(CustodyStep.asset)
        .where(CustodyStep.act == Act.REMOVAL_ASKED, stands())
        .where(true() if may(user, "asset.remove") else mine)
        .options(contains_eager(CustodyStep.asset))
        .order_by(CustodyStep.id)
    )


def has_withheld_file() -> ColumnElement[bool]:
    """Return the condition for a material of which nobody gets the file of today."""
    withheld = Blob.scan.in_((*NEEDS_SOMEBODY, ScanState.WAITING))
    version = select(AssetVersion.id).join(AssetVersion.blob)
    return version.where(AssetVersion.asset_id == Asset.id, _is_current(), withheld).exists()


def _is_current() -> ColumnElement[bool]:
    """Return the condition for a version that sellers see, or that would be the next."""
    other = aliased(AssetVersion)
    latest = select(func.max(other.number)).where(other.asset_id == AssetVersion.asset_id)
    return or_(
        AssetVersion.number == latest.scalar_subquery(),
        Asset.published_version_id == AssetVersion.id,
    )
