"""Notes that a person opened, copied or downloaded a material, with the deal it was for."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict
from contentlib.core.ids import new_token
from contentlib.deals import use
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.views import bp
from contentlib.library.care.withheld import refuse_withheld
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.origin import origin
from contentlib.library.queries import get_asset
from contentlib.library.standing import Standing, standing_of
from contentlib.usage.models import Action

PARTS = frozenset({"answer", "script", "whatsapp", "email", "subject", "link", "page"})
# Said alike of what expired, was withdrawn or never was, so that it tells nobody which.
GONE = N_("This material is no longer available: do not use what you copied, search for another.")


@bp.get("/deals/chip")
@requires("deal.view")
def chip() -> ResponseReturnValue:
    """Give the chip that names the deal a material is wanted for; nothing if it is hidden."""
    return render_template("deals/chip.html", deal=deal_in_hand())


@bp.post("/assets/<int:asset_id>/opened")
@requires("asset.view")
def opened(asset_id: int) -> ResponseReturnValue:
    """Write down that a person opened the page; the page says so itself once it is there."""
    _note(Action.OPENED, get_asset(me(), asset_id, firm_today()))
    db.session.commit()
    return "", 204


@bp.post("/assets/<int:asset_id>/copied")
@requires("asset.view")
def copied(asset_id: int) -> ResponseReturnValue:
    """Write down that a person took the words or the link."""
    _note(Action.COPIED, usable_asset(asset_id))
    db.session.commit()
    return "", 204


def usable_asset(asset_id: int) -> Asset:
    """Return a material whose words may be said, or say that they may not be any more.

    A page may have been open since before its material expired; its words are on it still.
    """
    today = firm_today()
    try:
        asset = get_asset(me(), asset_id, today)
    except Absent:
        raise Absent(GONE) from None
    if standing_of(asset, today) is Standing.EXPIRED:
        raise Conflict(GONE)
    return asset


@bp.post("/assets/<int:asset_id>/download")
@requires("asset.view")
def download(asset_id: int) -> ResponseReturnValue:
    """Write down that a person takes the file, and lead to it."""
    asset = get_asset(me(), asset_id, firm_today())
    if asset.shown_version is None or asset.shown_version.blob is None:
        raise Absent
    refuse_withheld(asset.shown_version.blob)
    _note(Action.DOWNLOADED, asset)
    db.session.commit()
    return redirect(url_for("library.file", asset_id=asset_id), 303)


def _note(action: Action, asset: Asset) -> None:
    """Write one fact of the person at hand; repeated clicks are folded by the ledger."""
    part, came = request.args.get("part", ""), origin()
    use.note_taking(
        action,
        asset,
        deal_in_hand(),
        by=me(),
        key=request.args.get("key", "")[:60] or new_token(),
        part=part if part in PARTS else None,
        search_id=came["search"],
        position=came["pos"],
    )
