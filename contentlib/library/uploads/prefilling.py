"""What a file says of itself, told to the drafts that nobody has touched yet."""

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.extraction import Extraction
from contentlib.library.models import Asset, AssetVersion, Status
from contentlib.library.uploads.detected import beginning_of, guess_language, usable_title

# A draft that only its upload has touched: made, then given its first version.
_UNTOUCHED = 2


def prefill_drafts(sha256: str, found: Extraction) -> None:
    """Tell new drafts what the file says of itself; what a person has touched stays theirs."""
    language = guess_language(" ".join(page.text for page in found.pages[:20]))
    title = usable_title(str(found.meta.get("title", "")), beginning_of(found.pages))
    drafts = (
        select(Asset)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(
            AssetVersion.blob_sha256 == sha256,
            Asset.status == Status.DRAFT,
            Asset.revision == _UNTOUCHED,
        )
    )
    for draft in db.session.scalars(drafts):
        draft.language = language or draft.language
        draft.title = title or draft.title
