"""Questions about people and teams."""

from collections.abc import Sequence

from sqlalchemy import func, select

from contentlib.accounts.models import Role, Team, User
from contentlib.core.db import db
from contentlib.core.errors import Absent


def find_user(email: str) -> User | None:
    """Return the person with an address, or nothing."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).first()


def get_user(user_id: int) -> User:
    """Return a person or say that there is none."""
    user = db.session.get(User, user_id)
    if user is None:
        raise Absent
    return user


def all_users() -> Sequence[User]:
    """Return everybody, active ones first."""
    return db.session.scalars(select(User).order_by(User.active.desc(), User.name)).all()


def active_users(*roles: Role) -> Sequence[User]:
    """Return active people, of some roles if any are named."""
    query = select(User).where(User.active.is_(True)).order_by(User.name)
    if roles:
        query = query.where(User.role.in_(roles))
    return db.session.scalars(query).all()


def all_teams() -> Sequence[Team]:
    """Return all teams by name."""
    return db.session.scalars(select(Team).order_by(Team.name)).all()


def count_users() -> int:
    """Return how many people there are, to tell a fresh installation."""
    return db.session.scalar(select(func.count(User.id))) or 0


def first_users(limit: int) -> Sequence[User]:
    """Return the active people that were added first, by name: a demo's named people."""
    rows = select(User).where(User.active.is_(True)).order_by(User.id).limit(limit)
    return sorted(db.session.scalars(rows), key=lambda user: user.name)


def anybody_can_enter() -> bool:
    """Tell whether some active person has ever set a password."""
    entered = select(User.id).where(User.active.is_(True), User.password.is_not(None)).limit(1)
    return db.session.scalar(entered) is not None


def first_admin() -> User | None:
    """Return the active admin that was added first, or nothing."""
    admins = select(User).where(User.active.is_(True), User.role == Role.ADMIN)
    return db.session.scalars(admins.order_by(User.id).limit(1)).first()
