"""Questions about materials; `visible` is the only way to any of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from contentlib.accounts.models import Role, User
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.library.models import Asset, AssetVersion, Blob, Status
from contentlib.library.standing import STAFF, visible_to

# As many as one completes in one form.
MOST_DRAFTS = 50


def sees_all(user: User) -> bool:
    """Tell whether a person also sees drafts, archived and expired materials."""
    return user.role in STAFF


def visible(user: User, today: date) -> Select[Asset]:
    """Select the materials a person may see on a day in the firm's zone."""
    return select(Asset).where(visible_to(user.role, today))


def get_asset(user: User, asset_id: int, today: date) -> Asset:
    """Return a material, or say that there is none for this person."""
    asset = db.session.scalars(visible(user, today).where(Asset.id == asset_id)).first()
    if asset is None:
        raise Absent
    return asset


def get_version(user: User, asset_id: int, number: int, today: date) -> AssetVersion:
    """Return a version of a material; who does not edit sees the published one only."""
    asset = get_asset(user, asset_id, today)
    for version in asset.versions:
        if version.number == number and (sees_all(user) or version is asset.published_version):
            return version
    raise Absent


def get_assets(user: User, ids: Sequence[int], today: date) -> list[Asset]:
    """Return those of some materials that a person may see, in the given order."""
    statement = with_facts(visible(user, today).where(Asset.id.in_(ids)))
    found = {asset.id: asset for asset in db.session.scalars(statement)}
    return [found[asset_id] for asset_id in ids if asset_id in found]


def with_facts(statement: Select[Asset]) -> Select[Asset]:
    """Load what lists show of each material along with it."""
    return statement.options(
        selectinload(Asset.stages),
        selectinload(Asset.personas),
        selectinload(Asset.tags),
        selectinload(Asset.published_version),
    )


def find_by_external_id(external_id: str) -> Asset | None:
    """Return the material an import knows under its own name."""
    return db.session.scalars(select(Asset).where(Asset.external_id == external_id)).first()


def same_bytes(sha256: str) -> Asset | None:
    """Return the material that has these bytes in any version, live ones before others."""
    return db.session.scalars(
        select(Asset)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(AssetVersion.blob_sha256 == sha256)
        .order_by((Asset.status == Status.PUBLISHED).desc(), Asset.id)
        .limit(1)
    ).first()


def same_name(file_name: str, *, other_than: Asset) -> Asset | None:
    """Return another material whose file has this name: perhaps an earlier version of it."""
    return db.session.scalars(
        select(Asset)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(
            AssetVersion.file_name == file_name,
            Asset.id != other_than.id,
            Asset.status != Status.ARCHIVED,
        )
        .order_by((Asset.status == Status.PUBLISHED).desc(), Asset.id)
        .limit(1)
    ).first()


def find_blob(sha256: str) -> Blob | None:
    """Return the bytes of a hash, or nothing."""
    return db.session.get(Blob, sha256)


def find_by_title(text: str, today: date, limit: int = 8) -> Sequence[Asset]:
    """Return a few materials that sellers may see whose title has all of some words."""
    statement = select(Asset).where(visible_to(Role.SELLER, today))
    for word in text.split()[:6]:
        statement = statement.where(Asset.title.icontains(word, autoescape=True))
    return db.session.scalars(statement.order_by(Asset.updated_at.desc()).limit(limit)).all()


def drafts_of(user: User, today: date, ids: Sequence[int] = ()) -> list[Asset]:
    """Return the drafts named, or those a person owns; the youngest first, with their files."""
    wanted = Asset.id.in_(ids) if ids else Asset.owner_id == user.id
    statement = with_facts(visible(user, today)).options(selectinload(Asset.versions))
    statement = statement.where(Asset.status == Status.DRAFT, wanted)
    return list(db.session.scalars(statement.order_by(Asset.id.desc()).limit(MOST_DRAFTS)))
