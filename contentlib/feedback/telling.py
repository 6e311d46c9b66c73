"""Telling the people whom something concerns: each of them once, never who did it themselves."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from contentlib.accounts.models import User
from contentlib.feedback.models import Comment, FieldWin, Flag, Suggestion
from contentlib.feedback.reach import who_read
from contentlib.library.models import Asset
from contentlib.notifications.service import tell

ANCHORS: Mapping[type, str] = {
    Comment: "comment",
    Suggestion: "suggestion",
    Flag: "flag",
    FieldWin: "win",
}
# A message is no place to read a long text in.
LONGEST_TEXT = 200


def keepers_of(asset: Asset) -> list[int]:
    """Return who answers for a material: its owner and deputy."""
    return [one for one in (asset.owner_id, asset.deputy_id) if one is not None]


def anchor_of(row: Any) -> str:
    """Return by what name a page leads to something that was said."""
    return f"{ANCHORS[type(row)]}-{row.id}"


def tell_all(
    row: Any,
    kinds: Mapping[str, Iterable[int]],
    *,
    by: User,
    today: date,
    act: str = "",
    **facts: Any,
) -> None:
    """Tell people of something that was said, or of what became of it.

    `kinds` names, the most telling first, each kind of news and whom it is for: one who is named
    twice is told once, by the first. Who may not read it is not told of it.
    """
    address = f"/assets/{row.asset_id}/feedback#{anchor_of(row)}"
    key = f"{anchor_of(row)}{act and f'-{act}'}"
    known = {"asset": row.asset.title} | {name: _short(fact) for name, fact in facts.items()}
    told = {by.id}
    for kind, ids in kinds.items():
        for person in who_read(row, set(ids) - told, today):
            told.add(person.id)
            tell(person.id, kind, key=key, address=address, facts=known)


def _short(fact: Any) -> Any:
    if not isinstance(fact, str) or len(fact) <= LONGEST_TEXT:
        return fact
    return f"{fact[: LONGEST_TEXT - 1].rstrip()}…"
