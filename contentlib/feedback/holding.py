"""Deciding one after the other what two people decide at once."""

from typing import Any

from sqlalchemy import select

from contentlib.core.db import db


def hold(row: Any, *facts: str) -> None:
    """Let nobody else decide on a row until this transaction ends, and read what it says now.

    Only the row itself is locked: who said it, read along with it, is nobody's to change.
    """
    kind = type(row)
    db.session.execute(select(kind.id).where(kind.id == row.id).with_for_update())
    db.session.refresh(row, facts)
