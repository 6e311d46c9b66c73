"""How far a material can be trusted on a day: one rule, told alike to people, database and index.

Two of the dates that decide it pass by themselves, at midnight and without a change of any row.
So the index stores the dates, not their meaning, and a search says what they mean today.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, false, or_, true

from contentlib.accounts.models import Role
from contentlib.core.errors import N_
from contentlib.library.models import Asset, Status

# Who works on the library and so sees what is not published, or no longer.
STAFF = frozenset({Role.MARKETER, Role.ADMIN})
_NEVER = "never"


class Standing(StrEnum):
    """What a material is worth on a day; only the first two reach sellers."""

    VERIFIED = "verified"
    OVERDUE = "overdue"
    EXPIRED = "expired"
    DRAFT = "draft"
    ARCHIVED = "archived"


STANDING_NAMES = {
    Standing.VERIFIED: N_("Verified"),
    Standing.OVERDUE: N_("Review overdue"),
    Standing.EXPIRED: N_("Expired"),
    Standing.DRAFT: N_("Draft"),
    Standing.ARCHIVED: N_("Archived"),
}


def standing_of(asset: Asset, day: date) -> Standing:
    """Return what a material is worth on a day."""
    return standing_of_label(standing_label(asset), day)


def standing_expression(day: date) -> ColumnElement[str]:
    """Return the same rule for the database."""
    return case(
        (Asset.status == Status.DRAFT, Standing.DRAFT.value),
        (Asset.status == Status.ARCHIVED, Standing.ARCHIVED.value),
        (Asset.valid_until < day, Standing.EXPIRED.value),
        (Asset.review_due < day, Standing.OVERDUE.value),
        else_=Standing.VERIFIED.value,
    )


def visible_to(role: Role, day: date) -> ColumnElement[bool]:
    """Return the condition under which a material exists for people of a role."""
    if role in STAFF:
        return true()
    if role not in Role:
        return false()
    still_valid = or_(Asset.valid_until.is_(None), Asset.valid_until >= day)
    return and_(Asset.status == Status.PUBLISHED, still_valid)


def standing_label(asset: Asset) -> str:
    """Return what the index stores of the state: `draft`, `archived` or `REVIEW/VALID`."""
    return label_of(asset.status, asset.review_due, asset.valid_until)


def label_of(status: Status, review_due: date | None, valid_until: date | None) -> str:
    """Return the label of these facts."""
    if status != Status.PUBLISHED:
        return status.value
    return f"{review_due or _NEVER}/{valid_until or _NEVER}"


def standing_of_label(label: str, day: date) -> Standing:
    """Return what a stored label means on a day."""
    review, slash, valid = label.partition("/")
    if not slash:
        return Standing(label)
    if valid != _NEVER and date.fromisoformat(valid) < day:
        return Standing.EXPIRED
    if review != _NEVER and date.fromisoformat(review) < day:
        return Standing.OVERDUE
    return Standing.VERIFIED


def access_labels(asset: Asset) -> tuple[str, ...]:
    """Return what the index stores of who may find a material."""
    if asset.status != Status.PUBLISHED:
        return ("staff",)
    return ("staff", f"valid:{asset.valid_until or _NEVER}")


def access_of(role: Role, day: date, valid_untils: Iterable[date]) -> frozenset[str]:
    """Return the labels that people of a role carry on a day, given the dates that occur."""
    if role in STAFF:
        return frozenset({"staff"})
    return frozenset(
        {f"valid:{_NEVER}"} | {f"valid:{until}" for until in valid_untils if until >= day}
    )
