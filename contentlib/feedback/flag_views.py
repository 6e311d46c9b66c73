"""Flagging a material as outdated, answering a flag, and telling field wins."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.numbers import whole
from contentlib.deals.models import Deal
from contentlib.deals.queries import get_deal, suggestions
from contentlib.feedback import flags, wins
from contentlib.feedback.models import FieldWin, Flag
from contentlib.feedback.views import (
    answer,
    bp,
    get_said,
    keeping_what_was_typed,
    key,
    place,
    version_at_hand,
)
from contentlib.library.firm_day import firm_today
from contentlib.library.queries import get_version


@bp.post("/assets/<int:asset_id>/feedback/flags")
@requires("feedback.give")
@keeping_what_was_typed
def flag(asset_id: int) -> ResponseReturnValue:
    """Say that a material is outdated."""
    row = flags.raise_flag(
        version_at_hand(asset_id),
        reason=request.form.get("reason", ""),
        proof_url=request.form.get("url", ""),
        by=me(),
        today=firm_today(),
        key=key(),
        **place(),
    )
    db.session.commit()
    undo = url_for("feedback.withdraw_flag", asset_id=asset_id, row_id=row.id)
    return answer(asset_id, "flags", _("Flagged. Everybody sees it until it is answered."), undo)


@bp.post("/assets/<int:asset_id>/feedback/flags/<int:row_id>/withdraw")
@requires("feedback.give")
@keeping_what_was_typed
def withdraw_flag(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Take one's own flag back."""
    flags.withdraw(get_said(Flag, asset_id, row_id), by=me())
    db.session.commit()
    return answer(asset_id, "flags", _("Taken back."))


@bp.post("/assets/<int:asset_id>/feedback/flags/<int:row_id>/resolve")
@requires("feedback.give")
@keeping_what_was_typed
def resolve_flag(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Answer a flag: by the version that sets it right, or by why it is still true."""
    row, today = get_said(Flag, asset_id, row_id), firm_today()
    told: dict[str, Any] = {"by": me(), "today": today, "answer": request.form.get("answer", "")}
    number = request.form.get("version", type=whole)
    if number is None:
        flags.still_true(row, **told)
    else:
        flags.fixed(row, get_version(me(), asset_id, number, today), **told)
    db.session.commit()
    return answer(asset_id, "flags", _("Answered. Whoever flagged it is told."))


@bp.post("/assets/<int:asset_id>/feedback/wins")
@requires("feedback.give")
@keeping_what_was_typed
def attach_win(asset_id: int) -> ResponseReturnValue:
    """Tell what a material did on a deal."""
    row = wins.attach(
        version_at_hand(asset_id),
        _chosen_deal(),
        request.form.get("text", ""),
        by=me(),
        today=firm_today(),
        key=key(),
        **place(),
    )
    db.session.commit()
    undo = url_for("feedback.withdraw_win", asset_id=asset_id, row_id=row.id)
    return answer(asset_id, "wins", _("Added. Colleagues see it beside the material."), undo)


def _chosen_deal() -> Deal:
    """Return the deal that was chosen or, where there is no list to choose from, named."""
    number = request.form.get("deal", type=whole)
    if number is not None:
        return get_deal(me(), number)
    named = request.form.get("deal_text", "")[:200]
    found = suggestions(me(), named, 2) if named.strip() else ()
    if len(found) != 1:
        raise Invalid(N_("Choose the deal."), field="deal")
    return found[0]


@bp.post("/assets/<int:asset_id>/feedback/wins/<int:row_id>/withdraw")
@requires("feedback.give")
def withdraw_win(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Take one's own win back."""
    wins.withdraw(get_said(FieldWin, asset_id, row_id), by=me())
    db.session.commit()
    undo = url_for("feedback.put_win_back", asset_id=asset_id, row_id=row_id)
    return answer(asset_id, "wins", _("Taken back."), undo)


@bp.post("/assets/<int:asset_id>/feedback/wins/<int:row_id>/put-back")
@requires("feedback.give")
def put_win_back(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Undo taking it back."""
    wins.put_back(get_said(FieldWin, asset_id, row_id), by=me())
    db.session.commit()
    return answer(asset_id, "wins")
