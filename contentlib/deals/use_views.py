"""Using materials on a deal, in two clicks, and taking it back within ten seconds."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.deals import queries, use
from contentlib.deals.forms import CHANNELS
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.models import Deal
from contentlib.deals.recent import recent_assets
from contentlib.deals.views import bp
from contentlib.library.firm_day import firm_today, firm_zone
from contentlib.library.models import Asset
from contentlib.library.queries import find_by_title, get_assets
from contentlib.usage import service as usage

# More than anybody shows at once.
MOST_AT_ONCE = 50


@bp.get("/deals/use")
@requires("usage.record")
def use_dialog() -> ResponseReturnValue:
    """Give the dialog that asks for the deal and the channel, for one or several materials."""
    assets = chosen_assets(request.args.getlist("asset", type=whole))
    deal = deal_in_hand()
    return render_template(
        "deals/use_dialog.html",
        assets=assets,
        recent=[] if assets else recent_assets(me(), deal),
        deal=deal,
        likely=deal or next(iter(queries.suggestions(me(), "", 1)), None),
        channels=CHANNELS,
        key=new_token(),
        today=firm_today(),
        search=request.args.get("search", "")[:36],
        position=request.args.get("pos", "")[:6],
    )


@bp.get("/deals/use/notice")
@requires("usage.record")
def use_notice() -> ResponseReturnValue:
    """Say before it is saved what the deal and the day chosen make of a use; a fragment."""
    return render_template("deals/use_notice.html", deal=deal_in_hand(), is_old=_is_old())


def _is_old() -> bool:
    try:
        day = use.read_day(request.args.get("occurred_on", ""))
        return use.Use("", day=day).is_long_ago(firm_zone())
    except Invalid:
        # A day that cannot be is refused where it is sent, with its sentence.
        return False


@bp.get("/deals/options")
@requires("deal.view")
def options() -> ResponseReturnValue:
    """Give the lines of the deal picker for the words typed so far."""
    text = request.args.get("deal_text", "")[:100]
    return render_template(
        "deals/options.html",
        deals=queries.suggestions(me(), text),
        field=request.args.get("field", "deal")[:40],
    )


@bp.get("/deals/use/materials")
@requires("usage.record")
def asset_options() -> ResponseReturnValue:
    """Give the lines of the material picker for the words typed so far."""
    text = request.args.get("asset_text", "")[:100]
    return render_template(
        "deals/asset_options.html",
        assets=find_by_title(text, firm_today()),
        field=request.args.get("field", "asset")[:40],
    )


@bp.post("/deals/use")
@requires("usage.record")
def record_use() -> ResponseReturnValue:
    """Write the use down and answer with a message that can undo it."""
    deal, key = chosen_deal(), key_of_form()
    assets = chosen_assets(request.form.getlist("asset", type=whole))
    events = use.note_use(deal, assets, told_use("web"), by=me(), key=key, zone=firm_zone())
    db.session.commit()
    before = use.told_before(events, key)
    answer = make_response(
        render_template("deals/use_done.html", deal=deal, events=events, before=before)
    )
    answer.headers["HX-Trigger"] = '{"closeDialog": true, "useRecorded": true}'
    return answer


def chosen_assets(ids: Sequence[int]) -> list[Asset]:
    """Return the materials that were named, each once, those that the person may see."""
    return get_assets(me(), list(dict.fromkeys(ids))[:MOST_AT_ONCE], firm_today())


def key_of_form() -> str:
    """Return what makes one sending of the form the same as another."""
    return request.form.get("key", "")[:60] or new_token()


def chosen_deal() -> Deal:
    """Return the deal that was chosen in the form."""
    chosen = request.form.get("deal", type=whole)
    if chosen is None:
        raise Invalid(N_("Choose the deal."), field="deal")
    return queries.get_deal(me(), chosen)


def told_use(surface: str) -> use.Use:
    """Read what the form says of the use itself."""
    channel = request.form.get("channel", "")
    if channel not in CHANNELS:
        raise Invalid(N_("Choose how it was used."), field="channel")
    return use.Use(
        channel=channel,
        day=use.read_day(request.form.get("occurred_on", "")),
        note=request.form.get("note", "")[:500],
        search_id=request.form.get("search", "")[:36] or None,
        position=request.form.get("pos", type=whole),
        surface=surface,
    )


@bp.post("/deals/use/undo")
@requires("usage.record")
def undo_use() -> ResponseReturnValue:
    """Take back the events named; they stay in the ledger but no longer count."""
    for event_id in request.args.getlist("event", type=whole)[:50]:
        usage.retract(event_id, by_id=me().id)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        flash(_("Taken back."))
        return redirect(url_for("deals.use_page"))
    answer = make_response("", 204)
    answer.headers["HX-Trigger"] = '{"useRecorded": true}'
    return answer
