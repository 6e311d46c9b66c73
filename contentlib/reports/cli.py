"""Reports on the command line."""

import json
from typing import Any, BinaryIO

import click
from flask import current_app
from flask.cli import AppGroup

from contentlib.core.db import reading
from contentlib.reports import like_for_like, revenue
from contentlib.reports.credit import Model
from contentlib.reports.credit.path_file import UnreadableError, read_paths
from contentlib.reports.credit.paths import COLUMNS as PATH_COLUMNS
from contentlib.reports.credit.paths import credit_paths, credit_rows
from contentlib.reports.cycle_cli import cohorts, cycle
from contentlib.reports.printing import (
    as_of_options,
    form_option,
    period_between,
    period_options,
    print_table,
)
from contentlib.reports.revenue_scope import MODELS, Axis, Scope
from contentlib.reports.revenue_views import columns, credit_table
from contentlib.reports.use_address import scope_of
from contentlib.reports.use_table import COLUMNS, table
from contentlib.reports.visits import COLUMNS as VISIT_COLUMNS
from contentlib.reports.visits import rows as visit_rows

report = AppGroup("report", help="Print a report as CSV or JSON.")


@report.command("credit")
@period_options
@click.option("--grade", type=click.IntRange(1, 5), default=3, show_default=True)
@click.option("--model", type=click.Choice(MODELS), default=Model.LINEAR_UNIQUE)
@click.option("--by", "axis", type=click.Choice(list(Axis)), default=Axis.ASSET)
@reading()
def credit(first: str, last: str, form: str, *, grade: int, **chosen: Any) -> None:
    """Credit won revenue to the content used on it; the sum is booked won revenue."""
    settings, period = current_app.extensions["settings"], period_between(first, last)
    by, rows = chosen["axis"], []
    for currency in revenue.currencies() or [settings.currency]:
        scope = Scope(period, currency, grade, **chosen)
        rows += credit_table(revenue.credit_of(scope), currency)
    print_table(columns(by), rows, form)


LIFT_COLUMNS = (
    "asset_external_id",
    *("n_treated", "n_sellers", "estimate", "low", "high", "shrunk", "flag", "verdict"),
)


@report.command("lift")
@as_of_options
@reading()
def lift(as_of: str, form: str) -> None:
    """Compare the win rate of each asset with that of the typical one in like situations."""
    period, zone = period_between("", as_of), current_app.extensions["settings"].timezone
    found = like_for_like.lifts(period.last, zone=zone)
    keys = revenue.keys_of([one.asset for one in found])
    rows = [
        (
            *(keys[one.asset], one.treated, one.sellers),
            *(_fraction(value) for value in (one.estimate, one.low, one.high, one.shrunk)),
            *(one.flag, one.verdict.value),
        )
        for one in found
    ]
    print_table(LIFT_COLUMNS, rows, form)


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


@report.command("use")
@period_options
@click.option("--grade", type=click.IntRange(1, 5), help="From which grade an event is use.")
@reading()
def use(first: str, last: str, form: str, grade: int | None) -> None:
    """Print every material with its events by grade, sellers, deals, wins and last use."""
    settings = current_app.extensions["settings"]
    scope = scope_of(settings, period_between(first, last), grade or settings.unused_grade)
    print_table(COLUMNS, list(table(scope, ["all", "off-air"])), form)


@report.command("visits")
@period_options
@reading()
def visits(first: str, last: str, form: str) -> None:
    """Print every visit by a share link: who it was, why, and what was read."""
    rows = list(visit_rows(period_between(first, last)))
    print_table(VISIT_COLUMNS, rows, form)


@report.command("paths", with_appcontext=False)
@click.argument("file", type=click.File("rb"))
@form_option
def paths(file: BinaryIO, form: str) -> None:
    """Credit the paths of FILE by every model; each line is path;conversions;value;nulls.

    A path is names with > between them. Needs no database.
    """
    try:
        named = read_paths(file)
    except UnreadableError as error:
        raise click.UsageError(f"{file.name}: {error}") from None
    models = credit_paths(named.paths, len(named.names))
    rows = credit_rows(named.names, models)
    if form == "csv":
        print_table(PATH_COLUMNS, list(rows), form)
        return
    found: dict[str, dict[str, dict[str, float]]] = {model: {} for model in models}
    for model, name, conversions, value in rows:
        found[model][name] = {"conversions": conversions, "value": value}
    click.echo(json.dumps({"models": found}, ensure_ascii=False, indent=2))


for _command in (cohorts, cycle):
    report.add_command(_command)
