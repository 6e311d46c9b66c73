"""The command `contentlib`: every command group of the product, and how errors are told."""

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from pydantic import ValidationError

from contentlib.accounts.cli import users
from contentlib.core.errors import ContentlibError


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


main = Commands(
    name="contentlib",
    help="A self-hosted library of sales content that knows what the content did.",
    create_app=_create,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
)
main.add_command(users)
