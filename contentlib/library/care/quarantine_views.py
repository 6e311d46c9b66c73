"""What people do about files that are not handed out: ask once more, or say that they are fine."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.care import quarantine
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion, Blob


@bp.post("/assets/<int:asset_id>/versions/<int:number>/scan-again")
@requires("asset.edit")
def scan_again(asset_id: int, number: int) -> ResponseReturnValue:
    """Have a file scanned once more that could not be scanned."""
    version, blob = _with_bytes(asset_id, number)
    quarantine.ask_again(blob)
    db.session.commit()
    flash(_("The file is scanned in a moment."))
    return _back_to(version)


@bp.post("/assets/<int:asset_id>/versions/<int:number>/release-file")
@requires("file.release")
def release_file(asset_id: int, number: int) -> ResponseReturnValue:
    """Hand a file out again that was in quarantine, and say why."""
    version, blob = _with_bytes(asset_id, number)
    quarantine.release(blob, by=me(), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("Released. Sellers see the material once it is published."), "success")
    return _back_to(version)


def _with_bytes(asset_id: int, number: int) -> tuple[AssetVersion, Blob]:
    version = queries.get_version(me(), asset_id, number, firm_today())
    if version.blob is None:
        raise Absent
    return version, version.blob


def _back_to(version: AssetVersion) -> ResponseReturnValue:
    shown = version is version.asset.shown_version
    number = None if shown else version.number
    return redirect(url_for("library.asset", asset_id=version.asset_id, v=number), 303)
