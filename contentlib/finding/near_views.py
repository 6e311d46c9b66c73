"""Materials that may be what somebody is about to ask for; a part of the form of requests."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import me, requires
from contentlib.deals.in_hand import deal_in_hand
from contentlib.finding.answering import current_library
from contentlib.finding.at_once import few_at_once
from contentlib.finding.criteria import read_criteria
from contentlib.finding.results import load_results
from contentlib.finding.searcher import Searcher
from contentlib.finding.views import bp
from contentlib.library.firm_day import firm_today
from contentlib.requests.likeness import most_alike

FIRST, MOST = 12, 3


@bp.get("/search/near")
@requires("asset.view")
@few_at_once
def near() -> ResponseReturnValue:
    """Give the few materials whose titles say what is being asked for; most often there is none."""
    title = request.args.get("title", "")
    criteria = read_criteria({"q": [title]})
    searcher = Searcher(me().role, firm_today())
    answer = current_library(searcher).ask(criteria, limit=FIRST)
    found = load_results(answer, searcher) if criteria.words else []
    rows = most_alike(title, ((row, row.asset.title) for row in found), MOST)
    return render_template("finding/near.html", rows=rows, deal=deal_in_hand())
