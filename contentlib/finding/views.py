"""The search page, which without words is the library, and the notes taken of its use."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.i18n import language
from contentlib.core.ids import new_id
from contentlib.core.numbers import whole
from contentlib.core.signing import signing_keys
from contentlib.deals.in_hand import deal_in_hand
from contentlib.deals.models import Deal
from contentlib.feedback.queries import flagged
from contentlib.finding import queries, saving, service
from contentlib.finding.answering import Library, current_library
from contentlib.finding.at_once import few_at_once
from contentlib.finding.criteria import Criteria, read_criteria
from contentlib.finding.evidence import evidence_of
from contentlib.finding.links import Links
from contentlib.finding.page import ResultPage, result_page
from contentlib.finding.receipts import NOTES, Receipt
from contentlib.finding.searcher import Searcher
from contentlib.finding.suggesting import suggestions
from contentlib.library.firm_day import firm_today
from contentlib.library.queries import get_asset

bp = Blueprint("finding", __name__)

COMING_BACK = timedelta(minutes=30)
"""For so long, who sees the same answer again has come back to it and not searched once more."""


@bp.get("/search")
@requires("asset.view")
@few_at_once
def search() -> ResponseReturnValue:
    """Find materials by words and filters; the address is the whole state."""
    criteria, deal = _criteria(), deal_in_hand()
    started = perf_counter()
    page = result_page(criteria, _library(), language=language(), translate=_)
    wins = evidence_of(page.results, firm_today(), current_app.extensions["settings"])
    milliseconds = round((perf_counter() - started) * 1000)
    receipt = _receipt(page, milliseconds)
    template = "finding/results.html" if _swaps_results() else "finding/search.html"
    response = make_response(
        render_template(
            template,
            page=page,
            wins=wins,
            flagged=flagged([result.asset.id for result in page.results], me().role),
            milliseconds=milliseconds,
            deal=deal,
            kept=saving.kept_by(me(), criteria),
            link=partial(_link, deal=deal),
            links=Links(receipt.search_id if criteria.words else "", deal),
            receipt=NOTES.sign(receipt, signing_keys()) if criteria.words else "",
            today=firm_today(),
            search_query=criteria.words,
        )
    )
    response.vary.add("HX-Request")
    response.headers[_history(criteria)] = _link(criteria, deal)
    return response


@bp.get("/search/suggest")
@requires("asset.view")
@few_at_once
def suggest() -> ResponseReturnValue:
    """Propose what somebody may mean who is still typing; a part of any page."""
    typed = read_criteria({"q": request.args.getlist("q")}).words
    found = suggestions(typed, _library(), user_id=me().id, tongue=language())
    return render_template("finding/suggest.html", found=found, link=partial(_link, deal=None))


@bp.post("/search/log")
@requires("asset.view")
def log_search() -> ResponseReturnValue:
    """Note a search whose answer somebody stayed on."""
    service.record_search(_read_receipt())
    db.session.commit()
    return "", 204


@bp.post("/search/click")
@requires("asset.view")
def log_click() -> ResponseReturnValue:
    """Note that a result was opened."""
    asset_id = request.form.get("asset", 0, type=whole)
    get_asset(me(), asset_id, firm_today())
    position = request.form.get("position", 1, type=whole)
    service.record_click(_read_receipt(), asset_id=asset_id, position=min(max(position, 1), 10**6))
    db.session.commit()
    return "", 204


def _library() -> Library:
    return current_library(Searcher(me().role, firm_today()))


def _criteria() -> Criteria:
    """Read the address; words that are being typed are other words than those meant literally."""
    criteria = read_criteria(request.args.to_dict(flat=False))
    before = _criteria_before()
    return replace(criteria, literally=criteria.literally and before.words in ("", criteria.words))


def _criteria_before() -> Criteria:
    """Return the search of the page that asks for a part of itself."""
    return read_criteria(parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query))


def _link(criteria: Criteria, deal: Deal | None) -> str:
    """Return the address of a search; the deal in hand goes along, but narrows nothing."""
    parameters: dict[str, Any] = criteria.parameters()
    return url_for("finding.search", **parameters, deal=deal.id if deal else None)


def _swaps_results() -> bool:
    """Tell whether only the results are asked for: htmx asks for whole pages when going back."""
    headers = request.headers
    return bool(headers.get("HX-Request")) and not headers.get("HX-History-Restore-Request")


def _history(criteria: Criteria) -> str:
    """Choose whether going back shall stop at this address: not at every letter typed."""
    before = _criteria_before()
    only_words = before.words and before.filters == criteria.filters
    return "HX-Replace-Url" if only_words and before.words != criteria.words else "HX-Push-Url"


def _receipt(page: ResultPage, milliseconds: int) -> Receipt:
    return receipt_of(
        page.criteria,
        results=page.total,
        # Who types does not come back.
        comes_back=not _swaps_results(),
        milliseconds=milliseconds,
        degraded=page.degraded,
    )


def receipt_of(
    criteria: Criteria, *, results: int, comes_back: bool, surface: str = "web", **answered: Any
) -> Receipt:
    """Return the note of a search; `answered` tells its milliseconds and whether it is degraded.

    Who comes back to a search sees the same one again, which stands in the log already.
    """
    filters = {facet: sorted(values) for facet, values in criteria.filters.items()}
    normalised, since = criteria.normalised(), now() - COMING_BACK
    earlier = (
        queries.same_search(me().id, normalised, filters, results, since=since)
        if comes_back
        else None
    )
    return Receipt(
        search_id=earlier or str(new_id()),
        user_id=me().id,
        query=criteria.words,
        normalised=normalised,
        filters=filters,
        results=results,
        surface=surface,
        **answered,
    )


def _read_receipt() -> Receipt:
    return NOTES.read(request.form.get("receipt", ""), signing_keys(), user_id=me().id)
