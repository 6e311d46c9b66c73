"""The command `contentlib`: every command group of the product, and how errors are told."""

import sys
from contextlib import nullcontext
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext
from pydantic import ValidationError

from contentlib.accounts import queries
from contentlib.accounts.cli import users
from contentlib.accounts.invitations import first_admin_link
from contentlib.admin.cli import database, doctor, routes, worker
from contentlib.core.config import LOOPBACK, Settings
from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError
from contentlib.demo.cli import demo
from contentlib.finding.cli import search
from contentlib.importing.cli import import_table
from contentlib.reports.cli import report
from contentlib.search.cli import search_index
from contentlib.serving import beside_worker, run_server


def _create(_info: Any = None) -> Flask:
    from contentlib.app import create_app  # noqa: PLC0415 - `--help` must not need a database

    return create_app()


class Commands(FlaskGroup):
    """All commands; an error a person can mend is one plain sentence and exit status 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and tell what went wrong without a stack trace."""
        try:
            return super().main(*args, **kwargs)
        except ContentlibError as error:
            click.echo(f"contentlib: {error}", err=True)
        except ValidationError as error:
            for problem in error.errors():
                name = "_".join(("CONTENTLIB", *map(str, problem["loc"]))).upper()
                click.echo(f"contentlib: {name}: {problem['msg']}", err=True)
        sys.exit(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--with-worker", is_flag=True, help="Also do the work that requests leave behind.")
@with_appcontext
def serve(host: str, port: int, with_worker: bool) -> None:
    """Serve the product over HTTP until it is interrupted."""
    settings: Settings = current_app.extensions["settings"]
    if settings.demo and host not in LOOPBACK:
        raise ContentlibError(N_("The demo answers on loopback only; leave --host as it is."))
    if queries.count_users() == 0:
        link = first_admin_link()
        db.session.commit()
        click.echo(f"Nobody has an account yet. The first admin enters here, once:\n  {link}")
    click.echo(f"contentlib answers at {settings.base_url} (Ctrl+C stops it)")
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
for command in (
    demo,
    serve,
    worker,
    doctor,
    routes,
    users,
    import_table,
    report,
    search,
    database,
    search_index,
):
    main.add_command(command)
