"""The command `contentlib`: every command group of the product, and how errors are told."""

import os
import sys
from contextlib import nullcontext
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext

from contentlib.accounts import queries
from contentlib.accounts.cli import users
from contentlib.accounts.invitations import first_admin_link
from contentlib.admin.care_cli import check_files, files
from contentlib.admin.cli import database, doctor, routes, worker
from contentlib.audit.cli import audit
from contentlib.backup.cli import backup, restore
from contentlib.core.complaints import MENDABLE, sentences
from contentlib.core.config import LOOPBACK, Settings
from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError
from contentlib.demo.cli import demo
from contentlib.finding.cli import search
from contentlib.importing.cli import import_table
from contentlib.reports.cli import report
from contentlib.reports.facts.cli import reports
from contentlib.serving import beside_worker, local_address, refuse_taken, run_server
from contentlib.sharing.cli import share
from contentlib.storage.cli import storage


def _create(_info: Any = None) -> Flask:
    from contentlib.app import create_app  # noqa: PLC0415 - `--help` must not need a database

    return create_app()


class Commands(FlaskGroup):
    """All commands; an error a person can mend is one plain sentence and exit status 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the product's own commands, not those that libraries bring along."""
        return sorted(self.commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one of the product's own commands."""
        return self.commands.get(name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and tell what went wrong without a stack trace."""
        try:
            return super().main(*args, **kwargs)
        except MENDABLE as error:
            for sentence in sentences(error):
                click.echo(f"contentlib: {sentence}", err=True)
        sys.exit(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port of it."
)
@click.option("--with-worker", is_flag=True, help="Also do the work that requests leave behind.")
@with_appcontext
def serve(host: str, port: int, with_worker: bool) -> None:
    """Serve the product over HTTP until it is interrupted."""
    settings: Settings = current_app.extensions["settings"]
    if settings.demo and host not in LOOPBACK:
        raise ContentlibError(N_("The demo answers on loopback only; leave --host as it is."))
    refuse_taken(host, port)
    here = local_address(host, port)
    if "base_url" not in settings.model_fields_set:
        current_app.config["BASE_URL"] = os.environ["CONTENTLIB_BASE_URL"] = here
    # Into a demo everybody enters by a button.
    if not (settings.demo or queries.anybody_can_enter()):
        link = first_admin_link()
        db.session.commit()
        click.echo(f"Nobody can sign in yet. The first admin enters here, once:\n  {link}")
    address = current_app.config["BASE_URL"].rstrip("/")
    behind = f"from {here}; " if address != here else ""
    click.echo(f"contentlib answers at {address} ({behind}Ctrl+C stops it)")
    db.session.remove()
    with beside_worker() if with_worker else nullcontext():
        run_server(host, port, settings)


main = Commands(
    name="contentlib",
    help="A self-hosted library of sales content that knows what the content did.",
    create_app=_create,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
)
# Flask's options (which application, debug mode) mean nothing to a program that is one.
main.params.clear()
for command in (
    demo,
    serve,
    worker,
    doctor,
    check_files,
    files,
    storage,
    routes,
    audit,
    users,
    import_table,
    report,
    reports,
    search,
    share,
    database,
    backup,
    restore,
):
    main.add_command(command)
