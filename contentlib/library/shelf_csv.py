"""The list of materials as a table for spreadsheets, with how each is kept."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from contentlib.core.db import db
from contentlib.library.care.custody import Act, CustodyStep, stands
from contentlib.library.models import Asset
from contentlib.library.standing import standing_of

COLUMNS = (
    *("id", "external_id", "title", "type", "state", "owner_email", "review_by", "valid_until"),
    *("keep_until", "legal_holds", "held_since_utc", "removal_asked_utc", "removed_utc"),
)
Row = Sequence[object]


def rows_of(assets: Select[Asset], today: date) -> Iterator[Row]:
    """Give a row for each of some materials."""
    holds, removals = _standing(Act.HELD), _standing(Act.REMOVAL_ASKED)
    for asset in db.session.scalars(assets.options(selectinload(Asset.versions))).unique():
        count, since = holds.get(asset.id, (0, None))
        gone = [version.removed_at for version in asset.versions]
        yield (
            asset.id,
            asset.external_id,
            asset.title,
            asset.type.key,
            standing_of(asset, today).value,
            asset.owner.email,
            asset.review_due,
            asset.valid_until,
            asset.retain_until,
            count,
            _moment(since),
            _moment(removals.get(asset.id, (0, None))[1]),
            _moment(max(moment for moment in gone if moment)) if gone and all(gone) else None,
        )


def _standing(act: Act) -> dict[int | None, tuple[int, datetime | None]]:
    """Return how many such steps stand on each material, and since when the first."""
    rows = db.session.execute(
        select(CustodyStep.asset_id, func.count(), func.min(CustodyStep.at))
        .where(CustodyStep.act == act, stands())
        .group_by(CustodyStep.asset_id)
    )
    return {asset_id: (count, since) for asset_id, count, since in rows}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
