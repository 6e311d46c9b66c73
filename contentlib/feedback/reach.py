"""Who may see what was said, and who decides on it: all of it follows from the material."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import may
from contentlib.accounts.queries import active_users
from contentlib.core.db import db
from contentlib.core.folding import fold
from contentlib.library.models import Asset, AssetVersion, ReleaseStep
from contentlib.library.release.rules import Step
from contentlib.library.standing import STAFF, visible_to


def readable(kind: Any, role: Role) -> ColumnElement[bool]:
    """Return the condition for what a role may read of a material that it may see.

    What was said of a version that sellers never saw may quote from it, so it is for its keepers.
    """
    return true() if role in STAFF else was_seen(kind.version_id)


def was_seen(version_id: Any) -> ColumnElement[bool]:
    """Return the condition for versions that sellers see, or saw at some time."""
    version, live, asset = aliased(AssetVersion), aliased(AssetVersion), aliased(Asset)
    steps = select(ReleaseStep.id).where(ReleaseStep.asset_version_id == version.id)
    # From before there were steps: sellers saw what came before the version they see today.
    earlier = and_(version.number <= live.number, ~steps.exists())
    seen = (
        select(version.id)
        .join(asset, asset.id == version.asset_id)
        .outerjoin(live, live.id == asset.published_version_id)
        .where(
            version.id == version_id,
            or_(
                asset.published_version_id == version.id,
                steps.where(ReleaseStep.step == Step.PUBLISHED).exists(),
                earlier,
            ),
        )
    )
    return seen.exists()


def roles_that_see(asset: Asset, today: date) -> frozenset[Role]:
    """Return the roles for which a material exists on a day."""
    there = select(Asset.id).where(Asset.id == asset.id)
    return frozenset(
        role for role in Role if db.session.scalar(there.where(visible_to(role, today))) is not None
    )


def people_who_see(asset: Asset, today: date) -> Sequence[User]:
    """Return the people who may see a material, by name."""
    roles = roles_that_see(asset, today)
    return active_users(*roles) if roles else []


def who_read(row: Any, ids: Iterable[int], today: date) -> list[User]:
    """Return those of some people who are active and may read what was said."""
    wanted = select(User).where(User.id.in_(set(ids)), User.active.is_(True))
    people = db.session.scalars(wanted).all()
    roles = {role for role in roles_that_see(row.asset, today) if _reads(role, row)}
    return [person for person in people if person.role in roles]


def _reads(role: Role, row: Any) -> bool:
    kind = type(row)
    there = select(kind.id).where(kind.id == row.id, readable(kind, role))
    return db.session.scalar(there) is not None


def decides(person: User, asset: Asset) -> bool:
    """Tell whether a person answers what is said of a material: its owner, deputy and editors."""
    return may(person, "feedback.decide") or person.id in (asset.owner_id, asset.deputy_id)


def people_named(asset: Asset, text: str, today: date, *, most: int) -> list[User]:
    """Return people who may see a material and in whose name some word begins so, at most some."""
    wanted = fold(text)
    named = (one for one in people_who_see(asset, today) if f" {wanted}" in f" {fold(one.name)}")
    return list(islice(named, most))
