"""The viewer, which opens a file at a page and finds words in it, and the bytes that it reads."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.errors import Absent
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.extraction import SMALLER_WIDTHS
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.files import sending
from contentlib.library.files.reading import came_from, pdf_of, words_to_find
from contentlib.library.firm_day import firm_today
from contentlib.library.models import AssetVersion
from contentlib.library.origin import origin
from contentlib.library.page import asset_page


@bp.get("/assets/<int:asset_id>/read")
@requires("asset.view")
def read(asset_id: int) -> ResponseReturnValue:
    """Show a file in the viewer; what cannot be read there is shown on the material's page."""
    today, version = firm_today(), _version(asset_id)
    number = max(1, request.args.get("page", 1, type=whole))
    if pdf_of(version) is None:
        shown, there = request.args.get("v", type=whole), f"p{number}" if number > 1 else None
        asset = url_for("library.asset", asset_id=asset_id, v=shown, _anchor=there, **origin())
        return redirect(asset)
    page = asset_page(me(), version.asset, version, today)
    return render_template(
        "library/read.html",
        page=page,
        number=number,
        words=words_to_find(),
        is_opening=not came_from("library.asset", asset_id=asset_id),
        smaller_widths=SMALLER_WIDTHS,
        origin=origin(),
        key=new_token(),
        mark=_mark(version),
    )


def _mark(version: AssetVersion) -> str | None:
    """Return where a higher package tells what else there is to say of a material, if one does."""
    if "feedback.mark" not in current_app.view_functions:
        return None
    shown = None if version is version.asset.shown_version else version.number
    return url_for("feedback.mark", asset_id=version.asset_id, v=shown)


@bp.get("/assets/<int:asset_id>/pages.pdf")
@requires("asset.view")
def pages_pdf(asset_id: int) -> ResponseReturnValue:
    """Send the PDF that the viewer reads, in parts; a script reads no other origin's."""
    pdf = pdf_of(_version(asset_id))
    if pdf is None:
        raise Absent
    return sending.send(pdf)


def _version(asset_id: int) -> AssetVersion:
    """Load the version people see, or by `?v=` another one for its editors."""
    number, today = request.args.get("v", type=whole), firm_today()
    if number is not None:
        return queries.get_version(me(), asset_id, number, today)
    version = queries.get_asset(me(), asset_id, today).shown_version
    if version is None:
        raise Absent
    return version
