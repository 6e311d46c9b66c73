"""Commenting on a material: saying, answering, changing, taking back, settling."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.numbers import whole
from contentlib.feedback import comments
from contentlib.feedback.models import Comment
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

SECTION = "comments"


@bp.post("/assets/<int:asset_id>/feedback/comments")
@requires("feedback.give")
@keeping_what_was_typed
def say(asset_id: int) -> ResponseReturnValue:
    """Comment on a material, or answer a comment."""
    version, text = version_at_hand(asset_id), request.form.get("text", "")
    parent = request.form.get("to", type=whole)
    told: dict[str, Any] = {"by": me(), "today": firm_today(), "key": key()}
    if parent is None:
        row = comments.say(version, text, **told, **place())
    else:
        row = comments.answer(get_said(Comment, asset_id, parent), text, **told)
    db.session.commit()
    undo = url_for("feedback.take_comment_back", asset_id=asset_id, row_id=row.id)
    return answer(asset_id, SECTION, _("Comment added."), undo=undo)


@bp.post("/assets/<int:asset_id>/feedback/comments/<int:row_id>/change")
@requires("feedback.give")
@keeping_what_was_typed
def change_comment(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Say it otherwise."""
    row = get_said(Comment, asset_id, row_id)
    comments.change(row, request.form.get("text", ""), by=me(), today=firm_today())
    db.session.commit()
    return answer(asset_id, SECTION, _("Changed."))


@bp.post("/assets/<int:asset_id>/feedback/comments/<int:row_id>/take-back")
@requires("feedback.give")
@keeping_what_was_typed
def take_comment_back(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Take one's own comment back."""
    comments.take_back(get_said(Comment, asset_id, row_id), by=me())
    db.session.commit()
    undo = url_for("feedback.put_comment_back", asset_id=asset_id, row_id=row_id)
    return answer(asset_id, SECTION, _("Taken back."), undo=undo)


@bp.post("/assets/<int:asset_id>/feedback/comments/<int:row_id>/put-back")
@requires("feedback.give")
@keeping_what_was_typed
def put_comment_back(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Undo taking it back."""
    comments.put_back(get_said(Comment, asset_id, row_id), by=me())
    db.session.commit()
    return answer(asset_id, SECTION)


@bp.post("/assets/<int:asset_id>/feedback/comments/<int:row_id>/settle")
@requires("feedback.give")
def settle(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Say that a thread is settled."""
    comments.resolve(get_said(Comment, asset_id, row_id), by=me())
    db.session.commit()
    undo = url_for("feedback.unsettle", asset_id=asset_id, row_id=row_id)
    return answer(asset_id, SECTION, _("Resolved."), undo=undo)


@bp.post("/assets/<int:asset_id>/feedback/comments/<int:row_id>/unsettle")
@requires("feedback.give")
def unsettle(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Say that it is not settled after all."""
    comments.reopen(get_said(Comment, asset_id, row_id), by=me())
    db.session.commit()
    return answer(asset_id, SECTION)
