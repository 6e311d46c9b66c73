"""The page of a material, and the state of what is still being read of it."""

from datetime import timedelta
from typing import Any

from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.ids import new_token
from contentlib.core.numbers import whole
from contentlib.extraction import SMALLER_WIDTHS
from contentlib.library import queries
from contentlib.library.blueprint import bp
from contentlib.library.care.removal_jobs import grace
from contentlib.library.choices import AUDIENCES, CHANNELS, LANGUAGES, STEPS, state_names
from contentlib.library.files.formats import FORMAT_NAMES
from contentlib.library.files.reading import came_from, words_to_find
from contentlib.library.firm_day import firm_today
from contentlib.library.forms import USUAL_REVIEW
from contentlib.library.models import Audience
from contentlib.library.origin import origin
from contentlib.library.page import AssetPage, asset_page


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
        removed_on=today + grace(),
        usual_review=today + USUAL_REVIEW,
        channels=CHANNELS,
        audiences=AUDIENCES,
        languages=LANGUAGES,
        states=state_names(page.asset),
        steps=STEPS,
        format_names=FORMAT_NAMES,
        smaller_widths=SMALLER_WIDTHS,
        origin=origin(),
        words=words_to_find(),
        is_opening=not came_from("library.read", asset_id=asset_id),
        key=new_token(),
        links=_neighbours(page),
    )


def _neighbours(page: AssetPage) -> dict[str, str]:
    """Return the parts that higher packages put into this page, those that exist."""
    number, came = page.asset.id, origin()
    wanted: dict[str, tuple[str, dict[str, Any]]] = {
        "use": ("deals.use_dialog", {"asset": number, **came}),
        "share": ("sharing.share", {"asset": number, "deal": came["deal"]}),
        "shares": ("sharing.of_asset", {"asset_id": number}),
        "where_used": ("reports.asset_use", {"asset_id": number}),
    }
    if page.version is not None:
        shown = None if page.version is page.asset.shown_version else page.version.number
        wanted["feedback"] = ("feedback.of_asset", {"asset_id": number, "v": shown})
    if page.edits and page.asset.published_at is not None:
        wanted["version_use"] = ("reports.version_use", {"asset_id": number})
    if page.previews:
        wanted["record"] = ("deals.answer_record", {"asset_id": number, "deal": came["deal"]})
    if page.proof and page.proof.audience is Audience.SHAREABLE:
        wanted["share_proof"] = ("sharing.share", {"asset": page.proof.id, "deal": came["deal"]})
    if page.script and page.script.fields:
        filling = {"field": page.script.fields, "deal": came["deal"], "keep": "address"}
        wanted["fill"] = ("deals.fill", filling)
    elif came["deal"]:
        wanted["deal"] = ("deals.chip", {"deal": came["deal"]})
    views = current_app.view_functions
    return {
        name: url_for(endpoint, **values)
        for name, (endpoint, values) in wanted.items()
        if endpoint in views
    }


@bp.get("/assets/<int:asset_id>/state")
@requires("asset.view")
def reading_state(asset_id: int) -> ResponseReturnValue:
    """Give the state of reading a file anew, and the page once there is more to see on it."""
    today = firm_today()
    row = queries.get_asset(me(), asset_id, today)
    page = asset_page(me(), row, row.shown_version, today)
    answer = make_response(render_template("library/state.html", page=page))
    seen = request.args.get("seen", 0, type=whole)
    if not page.is_working or (page.blob is not None and page.blob.preview_count > seen):
        answer.headers["HX-Refresh"] = "true"
    return answer
