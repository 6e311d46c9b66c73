"""The start page: what this person should do now."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import may, me, requires
from contentlib.core.clock import now
from contentlib.library.firm_day import firm_today
from contentlib.today import queries
from contentlib.today.agenda import Moment, agenda_of
from contentlib.today.figures import figures_of

bp = Blueprint("today", __name__)


@bp.get("/")
@requires("self")
def home() -> ResponseReturnValue:
    """Show what waits for the person, most pressing first."""
    settings, day = current_app.extensions["settings"], firm_today()
    matters = agenda_of(me(), Moment(now(), day, whole=request.args.get("all", "")))
    return render_template(
        "today/home.html",
        matters=matters,
        today=day,
        figures=figures_of(day, settings) if may(me(), "report.revenue") else None,
        has_deals=queries.has_deals(me()),
    )
