"""Use: the page, the rows behind each of its figures, and its table as CSV."""

from dataclasses import replace
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from contentlib.accounts.permissions import me, requires
from contentlib.core import csv_out
from contentlib.core.db import db
from contentlib.core.paging import Page, page_number, paginate
from contentlib.library.queries import sees_all
from contentlib.library.taxonomy import AssetType, all_terms
from contentlib.reports import use_figures, use_lists, use_rows
from contentlib.reports.dignity import FEWEST_PEOPLE, team_sizes
from contentlib.reports.use_address import Address, read_address
from contentlib.reports.use_scope import UseScope
from contentlib.reports.use_table import COLUMNS, table
from contentlib.reports.views import bp
from contentlib.usage.models import Grade

ROWS = 25


@bp.get("/reports/use")
@requires("report.use")
def use() -> ResponseReturnValue:
    """Show which materials are used, and which are not."""
    address = read_address()
    board = use_lists.board(address.scope, address.order, descending=address.descending)
    return render_template(
        "reports/use.html",
        address=address,
        scope=address.scope,
        board=board,
        lists=use_lists.LISTS,
        figures=_figures(address.scope, board),
        page=_lines(address, board.on(address.list)),
        teams=team_sizes(),
        fewest_people=FEWEST_PEOPLE,
        types=all_terms(AssetType),
        grades=list(Grade),
        sees_all=sees_all(me()),
    )


def _figures(scope: UseScope, board: use_lists.Board) -> dict[str, int]:
    """Return the figures on top of the page."""
    return {
        "on_air": board.count("all"),
        "settled": board.count("settled"),
        "unused": board.count("unused"),
        "verified": board.count("verified"),
        "uses": board.uses_on("any"),
        "uses_on_air": board.uses_on("all"),
        "uses_verified": board.uses_on("verified"),
        "uses_before": use_figures.uses_in(scope, scope.period.before()),
        "reached": use_figures.reached_sellers(scope),
        "sellers": use_figures.active_sellers(scope),
    }


def _lines(address: Address, ids: list[int]) -> Page[use_figures.Line]:
    """Return the lines of the page asked for; only these get their figures."""
    number = min(address.page, max(1, -(-len(ids) // ROWS)))
    shown = ids[(number - 1) * ROWS : number * ROWS]
    return Page(use_figures.lines(address.scope, shown), number, ROWS, len(ids))


def _page(statement: Select[Any], number: int, total: int) -> Page[Any]:
    """Return a page of a statement whose rows are counted already."""
    number = min(number, max(1, -(-total // ROWS)))
    rows = db.session.scalars(statement.limit(ROWS).offset((number - 1) * ROWS)).all()
    return Page(rows=rows, number=number, size=ROWS, total=total)


@bp.get("/reports/use/events")
@requires("report.use")
def use_events() -> ResponseReturnValue:
    """List exactly the events that a figure counts."""
    address = read_address()
    sizes = use_rows.sizes(address.scope, address.rows)
    page = _page(use_rows.events(address.scope, address.rows), address.page, sizes.events)
    return render_template(
        "reports/use_events.html",
        address=address,
        scope=address.scope,
        asset=use_rows.get_asset(address.rows.asset) if address.rows.asset else None,
        page=replace(page, rows=use_rows.told(page.rows, me())),
        sizes=sizes,
        grades=list(Grade),
        fewest_people=FEWEST_PEOPLE,
    )


@bp.get("/reports/use/deals")
@requires("report.use")
def use_deals() -> ResponseReturnValue:
    """List exactly the deals that a figure counts."""
    address = read_address()
    asset = use_rows.get_asset(address.rows.asset)
    deals = use_rows.deals(address.scope, me(), asset_id=asset.id, outcome=address.outcome)
    return render_template(
        "reports/use_deals.html",
        address=address,
        scope=address.scope,
        asset=asset,
        page=paginate(deals, number=page_number(request.args.get("page")), size=ROWS),
    )


@bp.get("/reports/use.csv")
@requires("report.use")
def use_csv() -> ResponseReturnValue:
    """Give the list at hand as CSV, with the same figures as on the page."""
    address = read_address()
    rows = table(address.scope, [address.list], address.order, descending=address.descending)
    period = address.scope.period
    text = "".join(csv_out.lines(COLUMNS, rows, bom="excel" in request.args))
    name = f"use-{period.first}-{period.last}.csv"
    return Response(
        text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
