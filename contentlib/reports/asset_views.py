"""The parts of a material's page that say what became of it and of its versions."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import may, me, requires
from contentlib.core.clock import today
from contentlib.library.queries import get_asset
from contentlib.reports.asset_use import asset_use as use_of
from contentlib.reports.born import born_of
from contentlib.reports.periods import chosen, read_period
from contentlib.reports.use_address import Address, scope_of
from contentlib.reports.version_use import version_use as use_of_versions
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
    always = scope_of(settings, chosen("", "", today=day, zone=settings.timezone), scope.grade)
    return render_template(
        "reports/asset_use.html",
        use=use_of(asset, scope, me()),
        address=Address(scope),
        born=born_of(asset, always, me()) if may(me(), "report.use") else None,
        ever=Address(always),
    )


@bp.get("/reports/assets/<int:asset_id>/versions")
@requires("report.use")
def version_use(asset_id: int) -> ResponseReturnValue:
    """Show how each version of a material was used; a fragment of its page."""
    settings = current_app.extensions["settings"]
    asset = get_asset(me(), asset_id, today(settings.timezone))
    return render_template(
        "reports/version_use.html",
        asset=asset,
        rows=use_of_versions(asset, settings.unused_grade),
        grade=settings.unused_grade,
    )
