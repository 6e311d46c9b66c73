"""Rows of people: added without a password, changed where they are known."""

from collections.abc import Mapping

from contentlib.accounts import service
from contentlib.accounts.models import User
from contentlib.accounts.queries import find_user
from contentlib.core.errors import N_, Invalid
from contentlib.importing.context import Context
from contentlib.importing.models import Result


def take(cells: Mapping[str, str], context: Context) -> Result:
    """Add a person, or bring name, role and team to what the row says."""
    email = service.normal_email(cells["email"])
    role = service.read_role(cells["role"])
    if not cells.get("name"):
        raise Invalid(N_("A person needs a name."), field="name")
    team = context.team(cells["team"]) if cells.get("team") else None
    user = find_user(email)
    if user is None:
        user = service.add_user(email=email, name=cells["name"], role=role, team=team)
        context.made("person", user.id)
        return Result.CREATED
    team = team or user.team
    before, told = _facts(user), {"name": cells["name"][:120], "role": role, "team": team}
    if all(getattr(user, name) == new for name, new in told.items()):
        return Result.SAME
    service.change_user(user, name=cells["name"], role=role, team=team, active=user.active)
    context.steps.append(["person", user.id, before, _facts(user)])
    return Result.CHANGED


def _facts(user: User) -> list[str | int | None]:
    return [user.name, user.role.value, user.team_id]
