"""The page of a material, and what happens when somebody opens, copies or downloads it."""

import re
from datetime import timedelta
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.choices import AUDIENCES, CHANNELS, LANGUAGES
from contentlib.library.firm_day import firm_today
from contentlib.library.formats import FORMAT_NAMES
from contentlib.library.forms import USUAL_REVIEW
from contentlib.library.models import Asset, VersionKind
from contentlib.library.page import AssetPage, asset_page
from contentlib.usage import service as usage
from contentlib.usage.models import Action

SEARCH_ID = re.compile(r"[0-9a-f-]{8,36}")
PARTS = frozenset({"answer", "script", "whatsapp", "subject", "link", "page"})


@bp.get("/assets/<int:asset_id>")
@requires("asset.view")
def asset(asset_id: int) -> ResponseReturnValue:
    """Show a material: what to say or read, its facts, versions and where it was used."""
    today, number = firm_today(), request.args.get("v", type=whole)
    row = queries.get_asset(me(), asset_id, today)
    version = row.shown_version
    if number is not None:
        version = queries.get_version(me(), asset_id, number, today)
    page = asset_page(me(), row, version, today)
    return render_template(
        "library/asset.html",
        page=page,
        today=today,
        tomorrow=today + timedelta(days=1),
        usual_review=today + USUAL_REVIEW,
        channels=CHANNELS,
        audiences=AUDIENCES,
        languages=LANGUAGES,
        format_names=FORMAT_NAMES,
        origin=_origin(),
        key=new_token(),
        links=_neighbours(page),
    )


def _neighbours(page: AssetPage) -> dict[str, str]:
    """Return the parts that higher packages put into this page, those that exist.

    An address may name the deal that the material is wanted for; they make something of it.
    """
    number, deal = page.asset.id, request.args.get("deal", type=whole)
    wanted: dict[str, tuple[str, dict[str, Any]]] = {
        "use": ("deals.use_dialog", {"asset": number, "deal": deal, **_origin()}),
        "where_used": ("reports.asset_use", {"asset_id": number}),
    }
    if page.script and page.script.fields:
        wanted["fill"] = ("deals.fill", {"field": page.script.fields, "deal": deal})
    views = current_app.view_functions
    return {
        name: url_for(endpoint, **values)
        for name, (endpoint, values) in wanted.items()
        if endpoint in views
    }


def _origin() -> dict[str, Any]:
    """Return which search led here and at which place, as far as the address tells."""
    search, position = request.args.get("search", ""), request.args.get("pos", type=whole)
    if not SEARCH_ID.fullmatch(search):
        return {}
    return {"search": search, "pos": position if position and 0 < position < 10_000 else None}


@bp.post("/assets/<int:asset_id>/opened")
@requires("asset.view")
def opened(asset_id: int) -> ResponseReturnValue:
    """Write down that a person opened the page; the page says so itself once it is there."""
    row = queries.get_asset(me(), asset_id, firm_today())
    _note(Action.OPENED, row, key=request.args.get("key", ""))
    db.session.commit()
    return "", 204


@bp.post("/assets/<int:asset_id>/copied")
@requires("asset.view")
def copied(asset_id: int) -> ResponseReturnValue:
    """Write down that a person took the words or the link."""
    row = queries.get_asset(me(), asset_id, firm_today())
    part = request.args.get("part", "")
    _note(Action.COPIED, row, part=part if part in PARTS else None)
    db.session.commit()
    return "", 204


@bp.post("/assets/<int:asset_id>/download")
@requires("asset.view")
def download(asset_id: int) -> ResponseReturnValue:
    """Write down that a person takes the file, and lead to it."""
    row = queries.get_asset(me(), asset_id, firm_today())
    if row.shown_version is None or row.shown_version.kind is not VersionKind.FILE:
        raise Absent
    _note(Action.DOWNLOADED, row)
    db.session.commit()
    return redirect(url_for("library.file", asset_id=asset_id), 303)


def _note(action: Action, row: Asset, *, key: str = "", part: str | None = None) -> None:
    """Write one fact of the person at hand; repeated clicks are folded by the ledger."""
    version = row.shown_version
    origin = _origin()
    usage.record(
        action,
        asset_id=row.id,
        version_id=version.id if version else None,
        actor_id=me().id,
        idempotency_key=f"{action}:{me().id}:{key or new_token()}"[:80],
        search_id=origin.get("search"),
        position=origin.get("pos"),
        part=part,
    )


@bp.get("/assets/<int:asset_id>/state")
@requires("asset.view")
def reading_state(asset_id: int) -> ResponseReturnValue:
    """Give the state of reading a file anew, and the page once the work is done."""
    today = firm_today()
    row = queries.get_asset(me(), asset_id, today)
    page = asset_page(me(), row, row.shown_version, today)
    answer = make_response(render_template("library/state.html", page=page))
    if not page.is_working:
        answer.headers["HX-Refresh"] = "true"
    return answer
