"""Rows for tests, made through the product's own services, as if by an earlier request."""

from itertools import count

from contentlib.accounts import service as accounts
from contentlib.accounts.models import Role, User
from contentlib.core.db import db

_number = count(1)


def user(role: str = "seller", *, team: str | None = None, name: str | None = None) -> User:
    """Add a person."""
    number = next(_number)
    person = accounts.add_user(
        email=f"{role}{number}@firm.example",
        name=name or f"{role.title()} {number}",
        role=Role(role),
        team=accounts.get_or_add_team(team) if team else None,
    )
    db.session.commit()
    return person
