"""What every report on the command line has: a period, and a table as CSV or JSON."""

import json
from collections.abc import Sequence
from typing import Any

import click
from flask import current_app

from contentlib.core import csv_out
from contentlib.core.clock import today
from contentlib.core.complaints import sentences
from contentlib.core.errors import Invalid
from contentlib.reports.periods import Period, chosen

form_option = click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")


def period_options(command: Any) -> Any:
    """Give a command the options that every report has."""
    for option in (
        form_option,
        click.option("--to", "last", default="", help="Last day, ISO; today if left out."),
        click.option("--from", "first", default="", help="First day, ISO."),
    ):
        command = option(command)
    return command


def as_of_options(command: Any) -> Any:
    """Give a command the options of reports that speak of a day."""
    for option in (
        form_option,
        click.option("--as-of", default="", help="Day, ISO; today if left out."),
    ):
        command = option(command)
    return command


def period_between(first: str, last: str) -> Period:
    """Return the period that the options name; days that are none are a slip in the command."""
    zone = current_app.extensions["settings"].timezone
    try:
        return chosen(first, last, today=today(zone), zone=zone)
    except Invalid as error:
        raise click.UsageError(" ".join(sentences(error))) from None


def print_table(header: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Print rows as CSV with a header, or as a JSON list of objects."""
    if form == "json":
        objects = [dict(zip(header, row, strict=True)) for row in rows]
        click.echo(json.dumps(objects, ensure_ascii=False, indent=2, default=str))
        return
    for line in csv_out.lines(header, rows):
        click.echo(line, nl=False)
