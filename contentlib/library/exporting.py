"""Materials as the rows of a table that an import reads back without a change."""

import re
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contentlib.core.db import db
from contentlib.library.models import Asset, Status
from contentlib.library.queries import with_facts

COLUMNS = (
    "external_id",
    "title",
    "type",
    "stages",
    "personas",
    "language",
    "owner_email",
    "status",
    "file",
    "tags",
    "audience",
    "summary",
    "deputy_email",
    "review_due",
    "valid_until",
)
_OWN_NAME = re.compile(r"asset-(\d{1,18})-(\d{20})")
_MOMENT = "%Y%m%d%H%M%S%f"


def rows() -> Iterator[list[object]]:
    """Give every material as one row, in the order in which they were made.

    The file's cell is empty, which leaves the file as it is.
    """
    statement = with_facts(select(Asset)).options(
        selectinload(Asset.versions), selectinload(Asset.deputy)
    )
    for asset in db.session.scalars(statement.order_by(Asset.id)):
        yield [
            name_of(asset),
            asset.title,
            asset.type.key,
            "|".join(term.key for term in asset.stages),
            "|".join(term.key for term in asset.personas),
            asset.language,
            asset.owner.email,
            _status(asset),
            None,
            "|".join(term.key for term in asset.tags),
            asset.audience,
            asset.summary,
            asset.deputy.email if asset.deputy else None,
            asset.review_due,
            asset.valid_until,
        ]


def name_of(asset: Asset) -> str:
    """Return what a material is called outside: by another system's name, or by one of its own.

    Its own has the moment in which it was made, so that no other installation has another by it.
    """
    return asset.external_id or f"asset-{asset.id}-{asset.created_at.strftime(_MOMENT)}"


def find_by_name(name: str) -> Asset | None:
    """Return the material that is called so outside, or nothing."""
    named = db.session.scalars(select(Asset).where(Asset.external_id == name)).first()
    own = _OWN_NAME.fullmatch(name)
    if named is not None or own is None:
        return named
    asset = db.session.get(Asset, int(own[1]))
    return asset if asset is not None and name_of(asset) == name else None


def _status(asset: Asset) -> str:
    """Return where a material stands; with a version that waits, a row must not release it."""
    waits = asset.published_version is not asset.latest_version
    return "" if asset.status is Status.PUBLISHED and waits else str(asset.status)
