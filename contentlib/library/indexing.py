"""Asking the worker that the search index follow a change of a material."""

from collections.abc import Iterable

from sqlalchemy import select, update

from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag
from contentlib.search.jobs import reindex


def document_id(asset_id: int) -> str:
    """Return the name of an asset in the index."""
    return f"asset:{asset_id}"


def changed(asset: Asset) -> None:
    """Count a change of an asset and ask, in the same transaction, that the index follow it."""
    asset.revision += 1
    asset.updated_at = now()
    db.session.flush()
    reindex(document_id(asset.id))


def blob_changed(sha256: str) -> None:
    """Ask that everything which consists of these bytes be indexed anew."""
    holders = select(AssetVersion.asset_id).where(AssetVersion.blob_sha256 == sha256)
    bump(db.session.scalars(select(Asset.id).where(Asset.id.in_(holders))))


def term_changed(term: Stage | Persona | AssetType | Tag) -> None:
    """Ask that everything which carries a word of the taxonomy be indexed anew."""
    kind = type(term)
    wears = {
        Stage: Asset.stages.any(Stage.id == term.id),
        Persona: Asset.personas.any(Persona.id == term.id),
        Tag: Asset.tags.any(Tag.id == term.id),
        AssetType: Asset.type_id == term.id,
    }[kind]
    bump(db.session.scalars(select(Asset.id).where(wears)))


def bump(asset_ids: Iterable[int]) -> None:
    """Count a change of several assets that their own rows do not show."""
    ids = list(asset_ids)
    db.session.execute(update(Asset).where(Asset.id.in_(ids)).values(revision=Asset.revision + 1))
    for asset_id in ids:
        reindex(document_id(asset_id))
