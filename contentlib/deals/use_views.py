"""Using materials on a deal, in two clicks, and taking it back within ten seconds."""

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.deals import queries, use
from contentlib.deals.forms import CHANNELS
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.models import Deal
from contentlib.deals.views import bp
from contentlib.library.firm_day import firm_today
from contentlib.library.queries import find_by_title, get_assets
from contentlib.usage import service as usage


@bp.get("/deals/use")
@requires("usage.record")
def use_dialog() -> ResponseReturnValue:
    """Give the dialog that asks for the deal and the channel, for one or several materials."""
    assets = get_assets(me(), request.args.getlist("asset", type=whole), firm_today())
    deal = deal_in_hand()
    return render_template(
        "deals/use_dialog.html",
        assets=assets,
        deal=deal,
        likely=deal or next(iter(queries.suggestions(me(), "", 1)), None),
        channels=CHANNELS,
        key=new_token(),
        today=firm_today(),
        search=request.args.get("search", "")[:36],
        position=request.args.get("pos", "")[:6],
    )


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
    deal = _chosen_deal()
    events = use.note_use(
        deal,
        get_assets(me(), request.form.getlist("asset", type=whole), firm_today()),
        _told_use(),
        by=me(),
        key=request.form.get("key", "")[:60] or new_token(),
        zone=current_app.extensions["settings"].timezone,
    )
    db.session.commit()
    answer = make_response(render_template("deals/use_done.html", deal=deal, events=events))
    answer.headers["HX-Trigger"] = '{"closeDialog": true, "useRecorded": true}'
    return answer


def _chosen_deal() -> Deal:
    chosen = request.form.get("deal", type=whole)
    if chosen is None:
        raise Invalid(N_("Choose the deal."), field="deal")
    return queries.get_deal(me(), chosen)


def _told_use() -> use.Use:
    channel = request.form.get("channel", "")
    if channel not in CHANNELS:
        raise Invalid(N_("Choose how it was used."), field="channel")
    return use.Use(
        channel=channel,
        day=use.read_day(request.form.get("occurred_on", "")),
        note=request.form.get("note", "")[:500],
        search_id=request.form.get("search", "")[:36] or None,
        position=request.form.get("pos", type=whole),
    )


@bp.post("/deals/use/undo")
@requires("usage.record")
def undo_use() -> ResponseReturnValue:
    """Take back the events named; they stay in the ledger but no longer count."""
    for event_id in request.args.getlist("event", type=whole)[:50]:
        usage.retract(event_id, by_id=me().id)
    db.session.commit()
    answer = make_response("", 204)
    answer.headers["HX-Trigger"] = '{"useRecorded": true}'
    return answer
