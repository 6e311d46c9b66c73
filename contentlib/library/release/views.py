"""A version on its way to sellers: its page, the steps that people take with it, its history."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core import csv_out
from contentlib.core.db import db
from contentlib.library import queries, service
from contentlib.library.blueprint import bp
from contentlib.library.care.removal_jobs import grace
from contentlib.library.choices import state_names
from contentlib.library.edit_views import load, to_page
from contentlib.library.files.formats import FORMAT_NAMES, format_of
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion
from contentlib.library.release import service as releasing
from contentlib.library.release.history import steps_of
from contentlib.library.release.rules import PERMISSION, Step
from contentlib.library.release.telling import telling
from contentlib.library.release.version_page import version_page


@bp.get("/assets/<int:asset_id>/versions/<int:number>")
@requires("asset.edit")
def version(asset_id: int, number: int) -> ResponseReturnValue:
    """Show a version beside the one that sellers see."""
    page = version_page(me(), load_version(asset_id, number), firm_today())
    return render_template(
        "library/version.html",
        page=page,
        removed_on=firm_today() + grace(),
        states=state_names(page.asset),
        format_of=format_of,
        format_names=FORMAT_NAMES,
    )


def load_version(asset_id: int, number: int) -> AssetVersion:
    """Load a version that is to be looked at or moved."""
    return queries.get_version(me(), asset_id, number, firm_today())


def _to_version(row: AssetVersion) -> ResponseReturnValue:
    return redirect(url_for("library.version", asset_id=row.asset_id, number=row.number), 303)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/submit")
@requires(PERMISSION[Step.SUBMITTED])
def submit(asset_id: int, number: int) -> ResponseReturnValue:
    """Ask for the approval of a version."""
    row = load_version(asset_id, number)
    releasing.submit(row, by=me())
    db.session.commit()
    flash(_("Sent for approval."), "success")
    return _to_version(row)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/approve")
@requires(PERMISSION[Step.APPROVED])
def approve(asset_id: int, number: int) -> ResponseReturnValue:
    """Say yes to a version, and let sellers see it at once if that was the button."""
    row, publishes = load_version(asset_id, number), request.form.get("then") == "publish"
    releasing.approve(row, by=me(), note=request.form.get("note", ""))
    if publishes:
        with telling(row.asset):
            service.publish(row.asset, by=me(), today=firm_today(), version=row)
    db.session.commit()
    flash(_("Published. Sellers can find it within seconds.") if publishes else _("Approved."))
    return to_page(row.asset) if publishes else _to_version(row)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/reject")
@requires(PERMISSION[Step.REJECTED])
def reject(asset_id: int, number: int) -> ResponseReturnValue:
    """Say no to a version, and why."""
    row = load_version(asset_id, number)
    releasing.reject(row, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("Rejected. Its author finds your reason on the Today page."))
    return _to_version(row)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/publish")
@requires(PERMISSION[Step.PUBLISHED])
def publish_version(asset_id: int, number: int) -> ResponseReturnValue:
    """Let sellers see just this version."""
    row = load_version(asset_id, number)
    with telling(row.asset):
        service.publish(row.asset, by=me(), today=firm_today(), version=row)
    db.session.commit()
    flash(_("Published. Sellers can find it within seconds."), "success")
    return to_page(row.asset)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/roll-back")
@requires(PERMISSION[Step.ROLLED_BACK])
def roll_back(asset_id: int, number: int) -> ResponseReturnValue:
    """Let sellers see an earlier version again."""
    row = load_version(asset_id, number)
    with telling(row.asset):
        releasing.roll_back(row.asset, row, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("Sellers see version %(number)s again.", number=number), "success")
    return to_page(row.asset)


@bp.post("/assets/<int:asset_id>/undo-roll-back")
@requires(PERMISSION[Step.PUBLISHED])
def undo_roll_back(asset_id: int) -> ResponseReturnValue:
    """Let sellers see again what the last way back took from them."""
    asset = load(asset_id)
    with telling(asset):
        number = releasing.undo_roll_back(asset, by=me()).number
    db.session.commit()
    flash(_("Sellers see version %(number)s again.", number=number), "success")
    return to_page(asset)


COLUMNS = ("when_utc", "who", "email", "version", "step", "note")


@bp.get("/assets/<int:asset_id>/release.csv")
@requires("asset.edit")
def release_csv(asset_id: int) -> ResponseReturnValue:
    """Give the whole release history of a material as CSV."""
    rows = (
        (
            step.at.isoformat(timespec="seconds"),
            step.by.name if step.by else None,
            step.by.email if step.by else None,
            step.version.number if step.version else None,
            step.step.value,
            step.note,
        )
        for step in steps_of(load(asset_id))
    )
    return Response(
        "".join(csv_out.lines(COLUMNS, rows, bom=True)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="release-{asset_id}.csv"'},
    )
