"""Thumbs up or down for a version, and why: one a person, changed as often as they like."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.ids import new_token
from contentlib.feedback import texts
from contentlib.feedback.models import Rating
from contentlib.library.models import AssetVersion

# Why it helps, and why it does not.
REASONS = {
    True: {
        "convinces": N_("It convinces customers"),
        "saves_time": N_("It saves me time"),
        "clear": N_("It is clear and short"),
        "other": N_("Something else"),
    },
    False: {
        "wrong": N_("Something in it is wrong"),
        "unclear": N_("It is hard to follow"),
        "too_long": N_("It is too long"),
        "misses": N_("It misses what customers ask"),
        "other": N_("Something else"),
    },
}
LONGEST_TEXT = 500


def rate(version: AssetVersion, *, helps: bool, by: User) -> Rating:
    """Say whether a version helps; whoever said so before changes their mind."""
    row = rating_of(version, by) or _add(version, by, helps)
    if row.helps != helps:
        row.helps, row.reason, row.text, row.said_at = helps, "", "", now()
    db.session.flush()
    return row


def explain(rating: Rating, *, reason: str, text: str = "") -> None:
    """Say why."""
    if reason and reason not in REASONS[rating.helps]:
        raise Invalid(N_("Choose one of the reasons."), field="reason")
    rating.reason = reason
    rating.text = texts.optional(text, most=LONGEST_TEXT)
    db.session.flush()


def take_back(version: AssetVersion, *, by: User) -> None:
    """Have no opinion any more."""
    row = rating_of(version, by)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def rating_of(version: AssetVersion, person: User) -> Rating | None:
    """Return what a person thinks of a version, if they said so."""
    mine = select(Rating).where(Rating.version_id == version.id, Rating.by_id == person.id)
    return db.session.scalars(mine).first()


def _add(version: AssetVersion, by: User, helps: bool) -> Rating:
    row = Rating(
        asset_id=version.asset_id,
        version_id=version.id,
        by_id=by.id,
        key=new_token(),
        helps=helps,
        reason="",
        text="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same person's second click arrived at the same time.
        earlier = rating_of(version, by)
        if earlier is None:
            raise
        return earlier
    return row
