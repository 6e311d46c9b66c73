"""Which version of an asset people find: the published one, else the latest."""

from sqlalchemy import ColumnElement, case, func, select

from contentlib.library.models import Asset, AssetVersion, Status


def shown_version() -> ColumnElement[bool]:
    """Join an asset with the version that people find."""
    latest = (
        select(func.max(AssetVersion.id))
        .where(AssetVersion.asset_id == Asset.id)
        .correlate(Asset)
        .scalar_subquery()
    )
    published = Asset.status == Status.PUBLISHED
    return AssetVersion.id == case((published, Asset.published_version_id), else_=latest)
