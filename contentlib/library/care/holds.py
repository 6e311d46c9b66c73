"""What keeps a material from being removed: its retention date, and legal holds on it."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import visible
from contentlib.library.care import custody
from contentlib.library.care.custody import Act, CustodyStep, stands
from contentlib.library.models import Asset
from contentlib.library.release.service import hold as alone_with

LONGEST_REASON = 2000
UNDER_HOLD = N_("It is under legal hold: nothing of it can be removed.")
KEPT_UNTIL = N_("It must be kept until the day named on it: nothing of it can be removed before.")
BY_HOLD = N_("A legal hold was placed on it.")


def place(asset: Asset, *, by: User, reason: str) -> CustodyStep:
    """Put a material under legal hold; a removal that was asked for is off then."""
    why = reason_of(reason)
    alone_with(asset)
    for asked in custody.standing(Act.REMOVAL_ASKED, asset):
        custody.record(Act.REMOVAL_UNDONE, asset=asset, about=asked, by=by, note=BY_HOLD)
    return custody.record(Act.HELD, asset=asset, by=by, note=why)


def lift(hold: CustodyStep, *, by: User, reason: str) -> None:
    """End one legal hold; others on the same material go on."""
    why = reason_of(reason)
    if hold.act is not Act.HELD or hold.asset is None:
        raise Conflict(N_("There is no such hold."))
    alone_with(hold.asset)
    if hold not in holds_of(hold.asset):
        raise Conflict(N_("This hold has ended already."))
    custody.record(Act.FREED, asset=hold.asset, about=hold, by=by, note=why)


def holds_of(asset: Asset) -> Sequence[CustodyStep]:
    """Return the legal holds that a material is under, the oldest first."""
    return custody.standing(Act.HELD, asset)


def reason_to_keep(asset: Asset, today: date) -> str | None:
    """Return why nothing of a material may be removed on a day, or nothing.

    This is the one place that decides it, whoever wants to remove what, and in whatever way.
    """
    if holds_of(asset):
        return UNDER_HOLD
    if asset.retain_until is not None and today <= asset.retain_until:
        return KEPT_UNTIL
    return None


def refuse_kept(asset: Asset, today: date) -> None:
    """Refuse to remove anything of a material that must be kept."""
    why = reason_to_keep(asset, today)
    if why is not None:
        raise Conflict(why)


def is_held() -> ColumnElement[bool]:
    """Return the condition for materials under legal hold."""
    return has_standing(Act.HELD)


def has_standing(act: Act) -> ColumnElement[bool]:
    """Return the condition for materials on which something was begun and has not ended."""
    mine = select(CustodyStep.id).where(CustodyStep.asset_id == Asset.id, CustodyStep.act == act)
    return mine.where(stands()).exists()


def held_among(assets: Iterable[Asset]) -> set[int]:
    """Return those of some materials that are under legal hold, by their numbers."""
    held = select(Asset.id).where(Asset.id.in_([asset.id for asset in assets]), is_held())
    return set(db.session.scalars(held))


def is_retained(today: date) -> ColumnElement[bool]:
    """Return the condition for materials that must be kept on a day by their own date."""
    return Asset.retain_until >= today


def reason_of(text: str) -> str:
    """Return a reason that somebody gave, which must say something."""
    why = visible(text).strip()[:LONGEST_REASON]
    if not why:
        raise Invalid(N_("Say why: it stays in the history."), field="reason")
    return why


def get_hold(asset: Asset, hold_id: int) -> CustodyStep | None:
    """Return a hold of just this material."""
    step = db.session.get(CustodyStep, hold_id)
    return step if step is not None and step.asset_id == asset.id else None
