"""Building and comparing the roll-ups on the command line."""

import click
from flask import current_app
from flask.cli import AppGroup

from contentlib.core.db import begin_writing, db, reading
from contentlib.deals.models import Deal
from contentlib.reports.facts.keeping import months_with_deals, next_portion
from contentlib.reports.facts.months import closed_between
from contentlib.reports.facts.reading import read

reports = AppGroup("reports", help="Keep what reports are read from.")


@reports.command("rebuild")
def rebuild() -> None:
    """Build the roll-ups anew from the deals and the ledger; reports go on meanwhile."""
    zone, anew, left = current_app.extensions["settings"].timezone, True, 1
    while left:
        with reading():
            portion = next_portion(zone, anew=anew)
        begin_writing()
        portion.keep()
        db.session.commit()
        anew, left = False, portion.left
        for month in sorted({month for month, _outcome in portion.facts}):
            click.echo(f"{month:%Y-%m}", err=True)
    click.echo("Rebuilt.")


@reports.command("verify")
@reading()
def verify() -> None:
    """Compare what reports read with what it is made of; ends with status 1 where that differs."""
    zone, drifts = current_app.extensions["settings"].timezone, 0
    for month in months_with_deals(zone):
        told = closed_between(month.start, month.end, zone=zone)
        if not told.says(read(Deal.closed_at >= month.start, Deal.closed_at < month.end)):
            drifts += 1
            click.echo(f"{month.first:%Y-%m}: differs")
    click.echo(f"{drifts} months differ.")
    raise SystemExit(1 if drifts else 0)
