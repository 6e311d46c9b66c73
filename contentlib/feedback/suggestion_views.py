"""Suggesting other words for a material, and deciding on what was suggested."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import ContentlibError
from contentlib.core.i18n import explain
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.feedback import suggestions, words
from contentlib.feedback.models import Suggestion
from contentlib.feedback.suggestion_page import suggestion_page
from contentlib.feedback.views import answer, bp, get_said, key, place, version_at_hand
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion
from contentlib.library.release.telling import telling
from contentlib.library.service import publish


@bp.get("/assets/<int:asset_id>/suggest")
@requires("feedback.give")
def suggest_form(asset_id: int) -> ResponseReturnValue:
    """Show the words of a material, to be written otherwise, or room for a note about a file."""
    return _form(version_at_hand(asset_id), request.args)


@bp.post("/assets/<int:asset_id>/suggest")
@requires("feedback.give")
def suggest(asset_id: int) -> ResponseReturnValue:
    """Suggest a change."""
    version = version_at_hand(asset_id)
    given = _given(version) if words.has_words(version) else None
    told: dict[str, Any] = {"by": me(), "today": firm_today(), "key": key()}
    told["note"] = request.form.get("note", "")
    try:
        row = suggestions.suggest(version, given=given, **told, **place())
        db.session.commit()
    except ContentlibError as refusal:
        db.session.rollback()
        return _form(version_at_hand(asset_id), request.form, explain(refusal)), refusal.status
    flash(_("Suggested. You are told what becomes of it."), "success")
    return redirect(_address(row), 303)


def _form(version: AssetVersion, typed: Mapping[str, str], refusal: str = "") -> str:
    known = words.words_of(version)
    return render_template(
        "feedback/suggest.html",
        asset=version.asset,
        version=version,
        known=known,
        parts=words.PARTS.get(version.kind, {}),
        typed=typed,
        refusal=refusal,
        key=new_token(),
        shown=request.args.get("v", type=whole),
    )


def _given(version: AssetVersion) -> dict[str, str]:
    return {part: request.form.get(f"words-{part}", "") for part in words.PARTS[version.kind]}


@bp.get("/assets/<int:asset_id>/suggestions/<int:row_id>")
@requires("feedback.give")
def suggestion(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Show a suggestion beside the words it would change."""
    return _page(get_said(Suggestion, asset_id, row_id), {})


def _page(row: Suggestion, typed: Mapping[str, str], refusal: str = "") -> str:
    page = suggestion_page(me(), row)
    return render_template(
        "feedback/suggestion.html", page=page, parts=words.PARTS, typed=typed, refusal=refusal
    )


@bp.post("/assets/<int:asset_id>/suggestions/<int:row_id>/accept")
@requires("feedback.decide")
def accept_suggestion(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Make a version of a suggestion, and let sellers see it at once if that was the button."""
    row, publishes = get_said(Suggestion, asset_id, row_id), request.form.get("then") == "publish"
    try:
        version = _accepted(row)
        if publishes:
            with telling(version.asset):
                publish(version.asset, by=me(), today=firm_today(), version=version)
        db.session.commit()
    except ContentlibError as refusal:
        db.session.rollback()
        row = get_said(Suggestion, asset_id, row_id)
        return _page(row, request.form, explain(refusal)), refusal.status
    flash(_("Accepted. Version %(number)s names who suggested it.", number=version.number))
    if publishes:
        return redirect(url_for("library.asset", asset_id=asset_id), 303)
    return redirect(url_for("library.version", asset_id=asset_id, number=version.number), 303)


def _accepted(row: Suggestion) -> AssetVersion:
    told: dict[str, Any] = {"by": me(), "today": firm_today()}
    if row.words is None:
        return suggestions.accept_note(row, **told)
    return suggestions.accept(
        row,
        onto=request.form.get("onto", 0, type=whole),
        given=_given(row.version),
        both=request.form.get("both") == "y",
        change_note=_credit(row),
        **told,
    )


def _credit(row: Suggestion) -> str:
    """Return what a version made of a suggestion says of its origin."""
    if not row.note:
        return _("Suggested by %(name)s", name=row.by.name)
    return _("Suggested by %(name)s: %(note)s", name=row.by.name, note=row.note)[:2000]


@bp.post("/assets/<int:asset_id>/suggestions/<int:row_id>/reject")
@requires("feedback.decide")
def reject_suggestion(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Leave the material as it is, and say why."""
    row = get_said(Suggestion, asset_id, row_id)
    try:
        suggestions.reject(row, by=me(), reason=request.form.get("reason", ""), today=firm_today())
        db.session.commit()
    except ContentlibError as refusal:
        db.session.rollback()
        row = get_said(Suggestion, asset_id, row_id)
        return _page(row, request.form, explain(refusal)), refusal.status
    flash(_("Rejected. Whoever suggested it reads your reason."))
    return redirect(_address(row), 303)


@bp.post("/assets/<int:asset_id>/suggestions/<int:row_id>/withdraw")
@requires("feedback.give")
def withdraw_suggestion(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Take one's own suggestion back."""
    suggestions.withdraw(get_said(Suggestion, asset_id, row_id), by=me())
    db.session.commit()
    undo = url_for("feedback.put_suggestion_back", asset_id=asset_id, row_id=row_id)
    return answer(asset_id, "suggestions", _("Taken back."), undo)


@bp.post("/assets/<int:asset_id>/suggestions/<int:row_id>/put-back")
@requires("feedback.give")
def put_suggestion_back(asset_id: int, row_id: int) -> ResponseReturnValue:
    """Undo taking it back."""
    suggestions.put_back(get_said(Suggestion, asset_id, row_id), by=me())
    db.session.commit()
    return answer(asset_id, "suggestions")


def _address(row: Suggestion) -> str:
    return url_for("feedback.suggestion", asset_id=row.asset_id, row_id=row.id)
