"""Content and revenue: the page, the deals behind each figure, and the table as CSV."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from contentlib.accounts.permissions import me, requires
from contentlib.accounts.queries import all_teams
from contentlib.core import csv_out
from contentlib.core.db import db
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number, paginate
from contentlib.deals.forms import SIZE_BANDS
from contentlib.deals.models import Deal
from contentlib.deals.outcomes import pipelines
from contentlib.deals.queries import visible
from contentlib.library.models import Asset
from contentlib.library.taxonomy import AssetType
from contentlib.reports import revenue
from contentlib.reports.revenue import Credit
from contentlib.reports.revenue_address import link, read_scope
from contentlib.reports.revenue_scope import MODELS, Axis, Scope, deals_behind
from contentlib.reports.views import bp
from contentlib.usage.models import Grade

ROWS = 50


@bp.get("/reports/revenue")
@requires("report.revenue")
def revenue_report() -> ResponseReturnValue:
    """Show which content the revenue of a period is credited to, to the cent."""
    currencies = revenue.currencies()
    scope = _scope(currencies)
    credit = revenue.credit_of(scope)
    types = {kind.id: kind for kind in db.session.scalars(select(AssetType))}
    previous = replace(scope, period=scope.period.before())
    return render_template(
        "reports/revenue.html",
        scope=scope,
        ledger=credit.ledger,
        rows=credit.lines[:ROWS],
        kinds=types,
        types=_by_type(credit, types),
        coverage=revenue.coverage(scope),
        previous=previous,
        previous_booked=revenue.booked(previous)[0],
        currencies=currencies,
        teams=all_teams(),
        pipelines=pipelines(),
        sizes=SIZE_BANDS,
        grades=list(Grade),
        models=MODELS,
        axes=list(Axis),
        link=link,
    )


@bp.get("/reports/revenue/deals")
@requires("report.revenue")
def revenue_deals() -> ResponseReturnValue:
    """List exactly the won deals that a figure of the report counts."""
    scope, asset_id = _scope(revenue.currencies()), request.args.get("asset", 0, type=whole)
    content = request.args.get("content", "all")
    behind = deals_behind(scope, content, asset_id)
    chosen = visible(me()).where(*behind).order_by(Deal.closed_at.desc(), Deal.id)
    return render_template(
        "reports/revenue_deals.html",
        scope=scope,
        page=paginate(chosen, number=page_number(request.args.get("page"))),
        content=content,
        asset=db.session.get(Asset, asset_id) if asset_id else None,
        link=link,
    )


@bp.get("/reports/revenue.csv")
@requires("report.revenue")
def revenue_csv() -> ResponseReturnValue:
    """Give the credit of each line as CSV, what has no content last."""
    scope = _scope(revenue.currencies())
    rows = credit_table(revenue.credit_of(scope), scope.currency)
    name = f"credit-{scope.period.first}-{scope.period.last}.csv"
    return Response(
        csv_out.lines(columns(scope.axis), rows, bom="excel" in request.args),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def columns(axis: Axis) -> Sequence[str]:
    """Return the columns of the table as CSV."""
    first = ("asset_external_id", "title") if axis is Axis.ASSET else (axis.value, "name")
    return (*first, "deals", "credit_minor", "currency", "low_minor", "high_minor")


def credit_table(credit: Credit, currency: str) -> list[Sequence[Any]]:
    """Return the rows of the credit table; their sum is booked won revenue."""
    rows: list[Sequence[Any]] = [
        (
            *(line.key, line.name(language())),
            *(line.deals, line.credit, currency),
            *(line.span.low, line.span.high),
        )
        for line in credit.lines
    ]
    without = (credit.ledger.uncredited_deals, credit.ledger.uncredited)
    return [*rows, ("", "(no recorded content)", *without, currency, "", "")]


def _by_type(credit: Credit, types: dict[int, AssetType]) -> list[dict[str, Any]]:
    """Return the credit by type of asset, the largest first."""
    sums = credit.types
    ordered = sorted(sums, key=lambda kind: (-sums[kind], types[kind].position))
    return [
        {"label": types[kind].name(language()), "credit": sums[kind], "hue": types[kind].hue}
        for kind in ordered
    ]


def _scope(known: list[str]) -> Scope:
    return read_scope(request.args, known, current_app.extensions["settings"])
