"""The part of a material's page that says what became of it."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import today
from contentlib.library.queries import get_asset
from contentlib.reports.asset_use import asset_use as use_of
from contentlib.reports.periods import read_period
from contentlib.reports.use_address import Address, scope_of
from contentlib.reports.views import bp


@bp.get("/reports/assets/<int:asset_id>/use")
@requires("asset.view")
def asset_use(asset_id: int) -> ResponseReturnValue:
    """Show on how many won deals a material was used; a fragment of its page."""
    settings = current_app.extensions["settings"]
    day = today(settings.timezone)
    asset = get_asset(me(), asset_id, day)
    period = read_period("last365", "", "", today=day, zone=settings.timezone)
    scope = scope_of(settings, period, settings.unused_grade)
    return render_template(
        "reports/asset_use.html", use=use_of(asset, scope, me()), address=Address(scope)
    )
