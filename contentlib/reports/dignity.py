"""What reports keep to themselves: figures are of groups, names are for whom they concern."""

from sqlalchemy import func, select

from contentlib.accounts.models import Role, Team, User
from contentlib.core.db import db
from contentlib.core.errors import N_

# A figure about fewer people is a figure about persons.
FEWEST_PEOPLE = 5
TOO_SMALL = N_("Figures of a team need at least %(fewest)s people.")


def team_sizes() -> list[tuple[Team, int]]:
    """Return each team with the number of its active people, by name."""
    rows = db.session.execute(
        select(Team, func.count(User.id))
        .outerjoin(User, (User.team_id == Team.id) & User.active.is_(True))
        .group_by(Team.id)
        .order_by(Team.name)
    )
    return [(team, people) for team, people in rows]


def large_enough(team_id: int) -> bool:
    """Tell whether figures about a team say nothing about a person in it."""
    people = select(func.count(User.id)).where(User.team_id == team_id, User.active.is_(True))
    return (db.session.scalar(people) or 0) >= FEWEST_PEOPLE


def may_name(viewer: User, person: User) -> bool:
    """Tell whether a person's own acts may be shown by name: to that person and their manager."""
    if viewer.id == person.id:
        return True
    leads = viewer.role == Role.MANAGER and viewer.team_id is not None
    return leads and viewer.team_id == person.team_id
