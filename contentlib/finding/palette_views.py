"""The dialog over any page: what was heard leads to the words to say, in two strokes of a key."""

from time import perf_counter
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.core.errors import Absent
from contentlib.core.i18n import language
from contentlib.core.ids import new_token
from contentlib.core.signing import signing_keys
from contentlib.deals.answers.record import record_facts
from contentlib.deals.in_hand import deal_in_hand, deal_of_page
from contentlib.deals.models import Deal
from contentlib.finding.answering import current_library
from contentlib.finding.at_once import few_at_once
from contentlib.finding.criteria import read_criteria
from contentlib.finding.palette import proposals
from contentlib.finding.receipts import NOTES
from contentlib.finding.searcher import Searcher
from contentlib.finding.views import bp, receipt_of
from contentlib.library.choices import CHANNELS
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Audience
from contentlib.library.origin import origin
from contentlib.library.page import AssetPage, asset_page
from contentlib.library.queries import get_asset


@bp.get("/palette")
@requires("asset.view")
@few_at_once
def palette() -> ResponseReturnValue:
    """Propose answers, scripts, pages, deals and materials for what was typed; a fragment.

    It carries the note of the search, which the browser hands back when somebody stays on it.
    """
    criteria = read_criteria({"q": request.args.getlist("q")})
    library, deal = current_library(Searcher(me().role, firm_today())), deal_of_page()
    started = perf_counter()
    found = proposals(criteria.words, library, user=me(), deal=deal)
    receipt = receipt_of(
        criteria,
        results=found.results,
        # The dialog was opened with its words still there.
        comes_back=bool(found.typed) and "again" in request.args,
        surface="palette",
        milliseconds=round((perf_counter() - started) * 1000),
        degraded=found.degraded,
    )
    return render_template(
        "finding/palette.html",
        found=found,
        deal=deal,
        search=receipt.search_id,
        receipt=NOTES.sign(receipt, signing_keys()) if found.typed else "",
    )


@bp.get("/palette/<int:asset_id>")
@requires("asset.view")
def palette_card(asset_id: int) -> ResponseReturnValue:
    """Show an answer or a script in the dialog, with everything to copy it at once; a fragment."""
    today, deal = firm_today(), deal_in_hand()
    came = origin() | {"deal": deal.id if deal else None}
    asset = get_asset(me(), asset_id, today)
    page = asset_page(me(), asset, asset.shown_version, today)
    if not page.previews:
        raise Absent
    return render_template(
        "finding/palette_card.html",
        page=page,
        today=today,
        channels=CHANNELS,
        language=language(),
        origin=came,
        links=_links(page, came),
        key=new_token(),
        record=True,
        **_record(asset, deal),
    )


def _record(asset: Asset, deal: Deal | None) -> dict[str, Any]:
    grade = current_app.extensions["settings"].unused_grade
    return record_facts(asset, deal, for_=me(), grade=grade)


def _links(page: AssetPage, came: dict[str, Any]) -> dict[str, str]:
    """Return the parts of other packages that exist, as the page of the material has them."""
    number = came["deal"]
    wanted: dict[str, tuple[str, dict[str, Any]]] = {
        "use": ("deals.use_dialog", {"asset": page.asset.id, **came})
    }
    if page.proof and page.proof.audience is Audience.SHAREABLE:
        wanted["share_proof"] = ("sharing.share", {"asset": page.proof.id, "deal": number})
    if page.script and page.script.fields:
        filling = {"field": page.script.fields, "deal": number, "place": "palette"}
        wanted["fill"] = ("deals.fill", filling)
    views = current_app.view_functions
    return {name: url_for(to, **given) for name, (to, given) in wanted.items() if to in views}
