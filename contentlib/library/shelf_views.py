"""The list of all materials, for who keeps them."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import active_users
from contentlib.core import csv_out
from contentlib.core.paging import paginate
from contentlib.library import exporting, shelf, shelf_csv
from contentlib.library.blueprint import bp
from contentlib.library.care import holds
from contentlib.library.firm_day import firm_today
from contentlib.library.standing import standing_of
from contentlib.library.taxonomy import AssetType, all_terms


@bp.get("/assets")
@requires("asset.edit")
def assets() -> ResponseReturnValue:
    """Show all materials as a table; the address holds every choice."""
    wanted, today = shelf.read(request.args), firm_today()
    page = paginate(shelf.select_assets(wanted, me(), today), number=wanted.page)
    return render_template(
        "library/shelf.html",
        wanted=wanted,
        page=page,
        held=holds.held_among(page.rows),
        types=all_terms(AssetType),
        owners=active_users(Role.MARKETER, Role.ADMIN),
        today=today,
        standing_of=lambda asset: standing_of(asset, today),
        page_url=lambda number: wanted.url(page=number),
    )


@bp.get("/assets.csv")
@requires("asset.edit")
def assets_csv() -> ResponseReturnValue:
    """Give the same materials as CSV, all pages of them, with how each is kept."""
    wanted, today = shelf.read(request.args), firm_today()
    rows = shelf_csv.rows_of(shelf.select_assets(wanted, me(), today), today)
    return Response(
        "".join(csv_out.lines(shelf_csv.COLUMNS, rows, bom=True)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="materials.csv"'},
    )


@bp.get("/assets/export.csv")
@requires("asset.edit")
def export() -> ResponseReturnValue:
    """Give all materials as a table that `contentlib import assets` reads back."""
    return Response(
        "".join(csv_out.lines(exporting.COLUMNS, exporting.rows(), bom=True)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="assets.csv"'},
    )
