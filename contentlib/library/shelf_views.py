"""The list of all materials, for who keeps them."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import active_users
from contentlib.core.paging import paginate
from contentlib.library import shelf
from contentlib.library.blueprint import bp
from contentlib.library.firm_day import firm_today
from contentlib.library.standing import standing_of
from contentlib.library.taxonomy import AssetType, all_terms


@bp.get("/assets")
@requires("asset.edit")
def assets() -> ResponseReturnValue:
    """Show all materials as a table; the address holds every choice."""
    wanted, today = shelf.read(request.args), firm_today()
    return render_template(
        "library/shelf.html",
        wanted=wanted,
        page=paginate(shelf.select_assets(wanted, me(), today), number=wanted.page),
        types=all_terms(AssetType),
        owners=active_users(Role.MARKETER, Role.ADMIN),
        today=today,
        standing_of=lambda asset: standing_of(asset, today),
        page_url=lambda number: wanted.url(page=number),
    )
