"""Fills the library: the sixty assets with their files, and variants of them when scaled up."""

from dataclasses import dataclass, replace
from io import BytesIO
from random import Random

from sqlalchemy import select

from contentlib import jobs
from contentlib.core.db import db
from contentlib.demo.assets import Material, Shelf
from contentlib.demo.files import make_file
from contentlib.demo.sources import Source, all_sources
from contentlib.demo.variants import more_sources
from contentlib.extraction import sniff
from contentlib.library import taxonomy
from contentlib.library.models import Blob
from contentlib.storage import Storage, promote, receive

Words = dict[str, dict[str, int]]


def taxonomy_numbers() -> Words:
    """The numbers of the seed taxonomy's rows, by kind and key."""
    return {
        "stages": _numbers_of(taxonomy.Stage),
        "personas": _numbers_of(taxonomy.Persona),
        "types": _numbers_of(taxonomy.AssetType),
    }


def _numbers_of(
    kind: type[taxonomy.Stage | taxonomy.Persona | taxonomy.AssetType],
) -> dict[str, int]:
    rows = db.session.execute(select(kind.key, kind.id))
    return {row.key: row.id for row in rows}


@dataclass(frozen=True)
class Kept:
    """A file in the store and the name it was uploaded under."""

    sha256: str
    name: str


def fill_library(rng: Random, scale: int, storage: Storage, shelf: Shelf) -> list[Material]:
    """Keep the files, put everything on the shelf and ask the worker to read and index it."""
    kept = {
        source.external_id: _keep(storage, source) for source in all_sources() if source.is_file
    }
    materials: dict[str, Material] = {}
    ordered = sorted(all_sources(), key=lambda source: source.objection is not None)
    variants = more_sources(rng, scale)
    for external_id, source in (*((s.external_id, s) for s in ordered), *variants):
        file = kept.get(source.external_id)
        materials[external_id] = shelf.add(
            rng,
            replace(source, file_name=file.name) if file else source,
            external_id=external_id,
            sha256=file.sha256 if file else None,
            proof=_proof(materials, source),
        )
    shelf.finish()
    _ask_for_indexing(list(materials.values()))
    return list(materials.values())


def _keep(storage: Storage, source: Source) -> Kept:
    """Keep one file as an upload would, and ask for its text and pictures."""
    file = make_file(source)
    received = receive(storage, BytesIO(file.data))
    kind = sniff(received.path, file.name)
    promote(storage, received)
    db.session.merge(
        Blob(
            sha256=received.sha256,
            size=received.size,
            media_type=kind.content_type,
            page_label=kind.page_label,
        )
    )
    jobs.enqueue("library.extract", received.sha256, {"sha256": received.sha256})
    return Kept(received.sha256, file.name)


def _proof(materials: dict[str, Material], source: Source) -> int | None:
    """The asset that proves an objection's answer; it may come after it in the alphabet."""
    if source.objection is None:
        return None
    proof = materials.get(source.objection.proof)
    return proof.id if proof else None


def _ask_for_indexing(materials: list[Material]) -> None:
    for material in materials:
        jobs.enqueue("library.index", str(material.id), {"asset_id": material.id})
