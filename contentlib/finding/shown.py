"""Which version of an asset people find: the published one, else the latest."""

from sqlalchemy import ColumnElement, func, select

from contentlib.library.models import Asset, AssetVersion


def shown_version() -> ColumnElement[bool]:
    """Join an asset with the version that people find."""
    latest = (
        select(func.max(AssetVersion.id))
        .where(AssetVersion.asset_id == Asset.id)
        .correlate(Asset)
        .scalar_subquery()
    )
    return AssetVersion.id == func.coalesce(Asset.published_version_id, latest)
