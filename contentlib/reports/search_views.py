"""Search terms: what people search for, what they do not find, and the table as CSV."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contentlib.accounts.models import Role
from contentlib.accounts.permissions import may, me, permission_of, requires
from contentlib.core import csv_out
from contentlib.core.clock import local_day
from contentlib.core.i18n import language
from contentlib.core.paging import Page
from contentlib.finding.answering import current_library
from contentlib.finding.facets import FACET_NAMES, Names
from contentlib.finding.searcher import Searcher
from contentlib.library.firm_day import firm_today
from contentlib.reports.dignity import FEWEST_PEOPLE, team_sizes
from contentlib.reports.search_address import SearchAddress, read_search_address
from contentlib.reports.search_counts import LISTS, Term, TermBoard, asked_before, board, people
from contentlib.reports.search_lines import FilterValue, Line, lines
from contentlib.reports.views import bp

ROWS = 25
# So many terms are looked at together; their words stay far below what a statement may name.
CHUNK = 300
ASK = "requests.new"


@bp.get("/reports/searches")
@requires("report.search")
def searches() -> ResponseReturnValue:
    """Show what people search for and what they miss, never who."""
    address = read_search_address()
    scope, found = address.scope, board(address.scope)
    return render_template(
        "reports/searches.html",
        address=address,
        scope=scope,
        board=found,
        lists=LISTS,
        page=_page(address, found) if found else None,
        people=people(scope) if found else 0,
        before=asked_before(scope) if found else None,
        teams=team_sizes(),
        fewest_people=FEWEST_PEOPLE,
        filter_words=_filter_words(),
        ask_url=_ask_url,
    )


@bp.get("/reports/searches.csv")
@requires("report.search")
def searches_csv() -> ResponseReturnValue:
    """Give the list at hand as CSV, under the same rules as on the page."""
    address = read_search_address()
    period = address.scope.period
    name = f"searches-{period.first}-{period.last}.csv"
    return Response(
        "".join(csv_out.lines(COLUMNS, _table(address))),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


COLUMNS = (
    "words",
    "searches",
    "searches_before",
    "people",
    "without_results",
    "without_click",
    "opened",
    "used",
    "filters",
    "last_searched",
    "in_palette",
)


def _table(address: SearchAddress) -> Iterator[Sequence[Any]]:
    scope, found = address.scope, board(address.scope)
    terms = _ordered(address, found) if found else []
    for start in range(0, len(terms), CHUNK):
        for line in lines(scope, terms[start : start + CHUNK], None):
            yield _row(line, scope.period.zone)


def _row(line: Line, zone: str) -> Sequence[Any]:
    return (
        line.words,
        line.term.searches,
        line.before,
        line.people or f"<{FEWEST_PEOPLE}",
        line.term.empty,
        line.term.unopened,
        line.opened,
        line.used,
        " ".join(f"{facet}:{value}" for facet, value in line.filters),
        local_day(line.term.last, zone).isoformat(),
        line.in_palette,
    )


def _ordered(address: SearchAddress, found: TermBoard) -> list[Term]:
    return found.ordered(address.list, address.sorted_by, descending=address.descending)


def _page(address: SearchAddress, found: TermBoard) -> Page[Line]:
    """Return the lines of the page asked for; only these get their figures."""
    terms = _ordered(address, found)
    number = min(address.page, max(1, -(-len(terms) // ROWS)))
    shown = terms[(number - 1) * ROWS : number * ROWS]
    library = current_library(Searcher(Role.SELLER, firm_today()))
    return Page(lines(address.scope, shown, library), number, ROWS, len(terms))


def _filter_words() -> Any:
    """Return a function that says a filter in the reader's words."""
    names = Names.load(language(), _)

    def words(value: FilterValue) -> str:
        facet, chosen = value
        name = names.of(facet, chosen) if facet in FACET_NAMES else chosen
        return _("%(facet)s: %(value)s", facet=_(FACET_NAMES.get(facet, facet)), value=name)

    return words


def _ask_url(words: str) -> str | None:
    """Return where one asks for a material about some words, if this person may."""
    if ASK not in current_app.view_functions:
        return None
    permitted = may(me(), permission_of(current_app, ASK) or "")
    return url_for(ASK, words=words) if permitted else None
