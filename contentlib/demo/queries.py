"""Questions about the demo."""

from sqlalchemy import select

from contentlib.accounts.queries import count_users, find_user
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.deals.models import Deal
from contentlib.demo.firm import people


def is_loaded() -> bool:
    """Tell whether the demo is here already; refuse a database that belongs to somebody else."""
    if find_user(people()[0].email):
        return True
    if count_users() or db.session.scalar(select(Deal.id).limit(1)):
        raise Conflict(N_("This database already has data of its own; give the demo an empty one."))
    return False
