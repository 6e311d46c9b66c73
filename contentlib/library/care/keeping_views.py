"""Legal holds on materials, and their removal for good."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.care import holds, removal
from contentlib.library.care.removal_jobs import grace
from contentlib.library.edit_views import load, to_page
from contentlib.library.firm_day import firm_today


@bp.post("/assets/<int:asset_id>/hold")
@requires("asset.hold")
def place_hold(asset_id: int) -> ResponseReturnValue:
    """Put a material under legal hold."""
    asset = load(asset_id)
    holds.place(asset, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("Under legal hold: nothing of it can be removed until the hold ends."), "success")
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/holds/<int:hold_id>/end")
@requires("asset.hold")
def end_hold(asset_id: int, hold_id: int) -> ResponseReturnValue:
    """End one legal hold, and say why."""
    asset = load(asset_id)
    hold = holds.get_hold(asset, hold_id)
    if hold is None:
        raise Absent
    holds.lift(hold, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("The legal hold has ended."), "success")
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/remove")
@requires("asset.remove")
def remove_asset(asset_id: int) -> ResponseReturnValue:
    """Have an archived material removed for good."""
    asset = load(asset_id)
    removal.ask(
        asset, by=me(), reason=request.form.get("reason", ""), today=firm_today(), grace=grace()
    )
    db.session.commit()
    return to_page(asset)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/remove")
@requires("asset.remove")
def remove_version(asset_id: int, number: int) -> ResponseReturnValue:
    """Have the file of one version removed for good."""
    version = queries.get_version(me(), asset_id, number, firm_today())
    removal.ask(
        version.asset,
        version=version,
        by=me(),
        reason=request.form.get("reason", ""),
        today=firm_today(),
        grace=grace(),
    )
    db.session.commit()
    return redirect(url_for("library.version", asset_id=asset_id, number=number), 303)


@bp.post("/assets/<int:asset_id>/removals/<int:step_id>/undo")
@requires("asset.remove")
def undo_removal(asset_id: int, step_id: int) -> ResponseReturnValue:
    """Keep what was to be removed."""
    asset = load(asset_id)
    asked = holds.get_hold(asset, step_id)
    if asked is None:
        raise Absent
    removal.undo(asked, by=me())
    db.session.commit()
    flash(_("It stays."), "success")
    return to_page(asset)
