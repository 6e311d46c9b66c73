"""Commands that keep an installation healthy."""

import json
import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade as run_migrations

from contentlib import audit
from contentlib.accounts.permissions import permission_of
from contentlib.accounts.queries import count_users
from contentlib.admin import health
from contentlib.admin.finding import Finding
from contentlib.core.db import db
from contentlib.core.paths import resource
from contentlib.deals import outcomes
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy

database = AppGroup("db", help="Keep the database at this version's state.")


@database.command()
def upgrade() -> None:
    """Bring the database up to this version; harmless when it already is."""
    before = health.revision()
    db.session.rollback()
    run_migrations(directory=str(resource("migrations")))
    taxonomy.seed()
    outcomes.seed()
    after = health.revision()
    # A fresh installation, which may be about to receive a backup, has no history yet.
    if before != after and count_users():
        audit.record(audit.Action.DATABASE_UPGRADED, changes={"revision": [before, after]})
    db.session.commit()
    click.echo("The database is at this version's state.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Check settings, stores, index and sandbox; say what is wrong and how to mend it."""
    settings = current_app.extensions["settings"]
    findings = list(health.checks(settings, resource("migrations")))
    if as_json:
        click.echo(json.dumps([_plain(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.state:5} {finding.name}: {finding.text}")
            if finding.mend:
                click.echo(f"      → {finding.mend}")
    sys.exit(any(finding.state == "bad" for finding in findings))


def _plain(finding: Finding) -> dict[str, str]:
    names = ("name", "state", "mend")
    return {name: getattr(finding, name) for name in names} | {"sentence": finding.text}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@with_appcontext
def routes(as_json: bool) -> None:
    """Print every route with its methods and the permission it requires."""
    rows = [
        {
            "path": rule.rule,
            "endpoint": rule.endpoint,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "permission": permission_of(current_app, rule.endpoint),
        }
        for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        methods = ",".join(row["methods"])
        click.echo(f"{methods:10} {row['permission']:16} {row['path']}")


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the work that requests leave behind: reading files, indexing, imports."""
    settings = current_app.extensions["settings"]
    runner = Worker(
        current_app._get_current_object(),  # type: ignore[attr-defined]  # noqa: SLF001
        lease_seconds=settings.job_lease_seconds,
    )
    if once:
        runner.ask_for_daily_work()
        click.echo(f"{runner.drain()} batches done")
    else:
        runner.run_forever()
