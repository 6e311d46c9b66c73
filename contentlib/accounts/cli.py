"""Commands about people."""

import json
import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security import hash_password

from contentlib.accounts import queries, service
from contentlib.accounts.invitations import one_time_link
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid

users = AppGroup("users", help="Add people, list them, make one-time sign-in links.")


@users.command()
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="As others see it.")
@click.option("--role", required=True, help="seller, marketer, manager or admin.")
@click.option("--team", help="Made if it is new.")
def add(email: str, name: str, role: str, team: str | None) -> None:
    """Add a person; read a password from standard input, or print a one-time link."""
    password = "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    user = service.add_user(
        email=email,
        name=name,
        role=service.read_role(role),
        team=service.get_or_add_team(team) if team else None,
        password_hash=_hashed(password) if password else None,
    )
    answer = user.email if password else _link(email)
    db.session.commit()
    click.echo(answer)


@users.command()
@click.option("--email", required=True, help="The address of the person.")
def link(email: str) -> None:
    """Print a one-time link by which a person sets a new password."""
    made = _link(email)
    db.session.commit()
    click.echo(made)


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_people(as_json: bool) -> None:
    """List everybody."""
    rows = [
        {
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "team": user.team.name if user.team else None,
            "active": user.active,
        }
        for user in queries.all_users()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['email']:40} {row['role']:10} {row['team'] or '—':20} {row['name']}")


def _hashed(password: str) -> str:
    shortest = int(current_app.config["SECURITY_PASSWORD_LENGTH_MIN"])
    if len(password) < shortest:
        raise Invalid(N_("A password needs at least %(length)s characters."), length=shortest)
    return str(hash_password(password))


def _link(email: str) -> str:
    user = queries.find_user(email)
    if user is None:
        raise Invalid(N_("There is no person with the address %(email)s."), email=email[:254])
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        return one_time_link(user)
