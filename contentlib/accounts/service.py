"""Changes to people and teams."""

from typing import Any
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from contentlib import audit
from contentlib.accounts.models import Role, Team, User
from contentlib.audit import Action
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.core.lines import one_line

ROLE_NAMES = {
    "vendedor": Role.SELLER,
    "vendas": Role.SELLER,
    "marketing": Role.MARKETER,
    "gestor": Role.MANAGER,
    "gerente": Role.MANAGER,
    "administrador": Role.ADMIN,
}

NO_ADDRESS = "no-address.invalid"


def normal_email(text: str) -> str:
    """Return an address as it is stored, or say that it is none."""
    try:
        return validate_email(
            text, check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        raise Invalid(
            N_("“%(text)s” is not an e-mail address."), field="email", text=text[:80]
        ) from None


def read_role(text: str) -> Role:
    """Read a role by its key or its Portuguese name."""
    wanted = fold(text)
    if wanted in set(Role):
        return Role(wanted)
    if wanted in ROLE_NAMES:
        return ROLE_NAMES[wanted]
    raise Invalid(N_("“%(text)s” is not a role."), field="role", text=text[:40])


def _person_name(text: str) -> str:
    name = one_line(text)
    if not name:
        raise Invalid(N_("A person needs a name."), field="name")
    return name[:120]


def get_or_add_team(name: str) -> Team:
    """Return the team of this name, making it if it is new."""
    name = one_line(name)[:120]
    if not name:
        raise Invalid(N_("A team needs a name."), field="team")
    team = db.session.scalars(select(Team).where(Team.name == name)).first()
    if team is None:
        team = Team(name=name)
        db.session.add(team)
        audit.record(Action.TEAM_ADDED, subject=team, name=name)
        db.session.flush()
    return team


def add_user(
    *, email: str, name: str, role: Role, team: Team | None = None, password_hash: str | None = None
) -> User:
    """Add a person; without a password they can enter only through a one-time link."""
    email = normal_email(email)
    name = _person_name(name)
    if db.session.scalars(select(User.id).where(User.email == email)).first():
        raise Invalid(
            N_("There is already a person with the address %(email)s."), field="email", email=email
        )
    user = User(
        email=email,
        name=name,
        role=role,
        team=team,
        password=password_hash,
        fs_uniquifier=uuid4().hex,
        active=True,
    )
    db.session.add(user)
    audit.record(Action.PERSON_ADDED, subject=user, role=role, team=team and team.name)
    db.session.flush()
    return user


def add_person_without_address(name: str, *, team: Team | None = None) -> User:
    """Add a seller whom other records name without an address; such a person cannot enter."""
    name = _person_name(name)
    mark = uuid4().hex
    user = User(
        # The ending .invalid is reserved for addresses that are none.
        email=f"{mark}@{NO_ADDRESS}",
        name=name,
        role=Role.SELLER,
        team=team,
        fs_uniquifier=mark,
        active=False,
    )
    db.session.add(user)
    audit.record(
        Action.PERSON_ADDED, subject=user, role=user.role, team=team and team.name, can_enter=False
    )
    db.session.flush()
    return user


def change_user(user: User, *, name: str, role: Role, team: Team | None, active: bool) -> None:
    """Change what an admin may; a new role or a disabling ends the person's sessions."""
    if user.role is Role.ADMIN and (role is not Role.ADMIN or not active) and _last_admin(user):
        raise Invalid(N_("This is the last active admin; make another one first."))
    if user.role != role or user.active != active:
        user.fs_uniquifier = uuid4().hex
    before = _facts_of(user)
    user.name, user.role, user.team, user.active = _person_name(name), role, team, active
    changes = audit.differences(before, _facts_of(user))
    if changes:
        audit.record(Action.PERSON_CHANGED, subject=user, changes=changes)
    db.session.flush()


def _facts_of(user: User) -> dict[str, Any]:
    team = user.team.name if user.team else None
    return {"name": user.name, "role": user.role, "team": team, "active": user.active}


def _last_admin(user: User) -> bool:
    others = select(User.id).where(
        User.role == Role.ADMIN, User.active.is_(True), User.id != user.id
    )
    return db.session.scalars(others).first() is None


def set_preferences(user: User, *, language: str, timezone: str, theme: str) -> None:
    """Keep how a person wants the interface."""
    user.language, user.timezone, user.theme = language or None, timezone or None, theme
    db.session.flush()


def set_look(user: User, *, language: str | None, theme: str | None) -> None:
    """Change language or theme and keep whichever is not named."""
    user.language, user.theme = language or user.language, theme or user.theme
    db.session.flush()
