"""What was sent under the sender's own key, so that sending it again changes nothing."""

import hashlib
import json
from typing import Any

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.library.models import AssetVersion, Receipt

LONGEST_KEY = 80


def earlier(by: User, key: str, sha256: str) -> AssetVersion | None:
    """Return the version that was made of this under this key, if it was sent before."""
    receipt = db.session.get(Receipt, (by.id, key[:LONGEST_KEY])) if key else None
    if receipt is None:
        return None
    if receipt.sha256 != sha256:
        raise Invalid(N_("Something else was sent under this key. Reload the page and try again."))
    return receipt.version


def keep(by: User, key: str, sha256: str, version: AssetVersion) -> None:
    """Remember what became of a thing sent under a key; without a key nothing is promised."""
    if not key:
        return
    db.session.flush()
    db.session.add(
        Receipt(user_id=by.id, key=key[:LONGEST_KEY], sha256=sha256, asset_version_id=version.id)
    )
    db.session.flush()


def hash_of(fields: dict[str, Any]) -> str:
    """Return the hash of what a form said, whatever the order of its fields."""
    told = json.dumps(fields, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
