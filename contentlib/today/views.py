"""The start page: what this person should do now."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import may, me, requires
from contentlib.core.clock import now, start_of_day
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.today import queries
from contentlib.today.agenda import Moment, agenda_of

bp = Blueprint("today", __name__)


@bp.get("/")
@requires("self")
def home() -> ResponseReturnValue:
    """Show what waits for the person, most pressing first."""
    day = firm_today()
    matters = agenda_of(me(), Moment(now(), day))
    month = start_of_day(day.replace(day=1), firm_zone())
    return render_template(
        "today/home.html",
        matters=matters,
        today=day,
        won=queries.won_since(me(), month) if may(me(), "report.revenue") else None,
        has_deals=queries.has_deals(me()),
    )
