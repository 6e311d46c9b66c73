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
from contentlib.core.clock import today
from contentlib.core.db import db
from contentlib.core.i18n import language
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number, paginate
from contentlib.deals.models import Deal
from contentlib.deals.outcomes import pipelines
from contentlib.deals.queries import visible
from contentlib.library.models import Asset
from contentlib.library.taxonomy import AssetType
from contentlib.reports import revenue
from contentlib.reports.credit import Ledger
from contentlib.reports.periods import read_period
from contentlib.reports.views import bp
from contentlib.usage.models import Grade

ROWS = 50


@bp.get("/reports/revenue")
@requires("report.revenue")
def revenue_report() -> ResponseReturnValue:
    """Show which content the revenue of a period is credited to, to the cent."""
    currencies = revenue.currencies()
    scope = _scope(currencies)
    ledger = revenue.ledger(scope)
    rows = _rows(ledger)
    types = {kind.id: kind for kind in db.session.scalars(select(AssetType))}
    previous = replace(scope, period=scope.period.before())
    return render_template(
        "reports/revenue.html",
        scope=scope,
        ledger=ledger,
        rows=rows[:ROWS],
        kinds=types,
        types=_by_type(rows, types),
        coverage=revenue.coverage(scope),
        previous=previous,
        previous_booked=revenue.booked(previous)[0],
        currencies=currencies,
        teams=all_teams(),
        pipelines=pipelines(),
        grades=list(Grade),
        link=_link,
    )


@bp.get("/reports/revenue/deals")
@requires("report.revenue")
def revenue_deals() -> ResponseReturnValue:
    """List exactly the won deals that a figure of the report counts."""
    scope, asset_id = _scope(revenue.currencies()), request.args.get("asset", 0, type=whole)
    content = request.args.get("content", "all")
    behind = revenue.deals_behind(scope, content, asset_id)
    chosen = visible(me()).where(*behind).order_by(Deal.closed_at.desc(), Deal.id)
    return render_template(
        "reports/revenue_deals.html",
        scope=scope,
        page=paginate(chosen, number=page_number(request.args.get("page"))),
        content=content,
        asset=db.session.get(Asset, asset_id) if asset_id else None,
        link=_link,
    )


@bp.get("/reports/revenue.csv")
@requires("report.revenue")
def revenue_csv() -> ResponseReturnValue:
    """Give the credit of each asset as CSV, the line without content last."""
    scope = _scope(revenue.currencies())
    rows = credit_table(revenue.ledger(scope), scope.currency)
    name = f"credit-{scope.period.first}-{scope.period.last}.csv"
    return Response(
        csv_out.lines(CREDIT_COLUMNS, rows, bom="excel" in request.args),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


CREDIT_COLUMNS = ("asset_external_id", "title", "deals", "credit_minor", "currency")


def credit_table(ledger: Ledger, currency: str) -> list[Sequence[Any]]:
    """Return the rows of the credit table; their sum is booked won revenue."""
    rows: list[Sequence[Any]] = [
        (asset.external_id or "", asset.title, deals, credit, currency)
        for asset, deals, credit, _touched in _rows(ledger)
    ]
    last = ("", "(no recorded content)", ledger.uncredited_deals, ledger.uncredited, currency)
    return [*rows, last]


Row = tuple[revenue.Brief, int, int, int]


def _rows(ledger: Ledger) -> list[Row]:
    """Return (asset, deals, credit, touched), the largest credit first, ties by title."""
    rows = [
        (asset, ledger.deals[asset.id], ledger.credit[asset.id], ledger.touched[asset.id])
        for asset in revenue.briefs(ledger.credit)
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0].title, row[0].id))


def _by_type(rows: list[Row], types: dict[int, AssetType]) -> list[dict[str, Any]]:
    """Return the credit by type of asset, the largest first."""
    sums: dict[int, int] = {}
    for asset, _deals, credit, _touched in rows:
        sums[asset.type_id] = sums.get(asset.type_id, 0) + credit
    ordered = sorted(sums, key=lambda kind: (-sums[kind], types[kind].position))
    return [
        {"label": types[kind].name(language()), "credit": sums[kind], "hue": types[kind].hue}
        for kind in ordered
    ]


def _scope(known: list[str]) -> revenue.Scope:
    args, settings = request.args, current_app.extensions["settings"]
    period = read_period(
        args.get("period", ""),
        args.get("from", ""),
        args.get("to", ""),
        today=today(settings.timezone),
        zone=settings.timezone,
    )
    currency = args.get("currency", "")
    return revenue.Scope(
        period=period,
        currency=currency if currency in known else (known or [settings.currency])[0],
        grade=min(max(args.get("grade", int(Grade.SENT), type=whole), 1), 5),
        team=args.get("team", 0, type=whole),
        pipeline=args.get("pipeline", 0, type=whole),
    )


def _link(endpoint: str, scope: revenue.Scope, **more: Any) -> str:
    """Return an address with the same scope, so that every figure leads to its own rows."""
    facts = {
        "currency": scope.currency,
        "grade": scope.grade,
        "team": scope.team or None,
        "pipeline": scope.pipeline or None,
    }
    return current_app.url_for(endpoint, **(scope.period.parameters() | facts | more))
