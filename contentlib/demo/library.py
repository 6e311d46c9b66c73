"""Fills the library: the sixty assets with their files, and variants of them when scaled up."""

from dataclasses import replace
from io import BytesIO
from random import Random

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.demo.assets import Material, Shelf
from contentlib.demo.files import make_file
from contentlib.demo.rows import CHUNK
from contentlib.demo.sources import Source, all_sources
from contentlib.demo.variants import more_sources
from contentlib.library import indexing, taxonomy
from contentlib.library.uploads import service as uploads
from contentlib.receiving import Arrived
from contentlib.storage import Storage

LARGEST = 10 * 2**20

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
            replace(source, file_name=file.file_name) if file else source,
            external_id=external_id,
            sha256=file.sha256 if file else None,
            proof=_proof(materials, source),
        )
    shelf.finish()
    _ask_for_indexing(list(materials.values()))
    return list(materials.values())


def _keep(storage: Storage, source: Source) -> Arrived:
    """Take one file in as any upload, which asks for its text and pictures."""
    file = make_file(source)
    arrived = uploads.take_in(storage, BytesIO(file.data), file.name, limit=LARGEST)
    uploads.keep_blob(arrived)
    return arrived


def _proof(materials: dict[str, Material], source: Source) -> int | None:
    """The asset that proves an objection's answer; it may come after it in the alphabet."""
    if source.objection is None:
        return None
    proof = materials.get(source.objection.proof)
    return proof.id if proof else None


def _ask_for_indexing(materials: list[Material]) -> None:
    numbers = [material.id for material in materials]
    for start in range(0, len(numbers), CHUNK):
        indexing.bump(numbers[start : start + CHUNK])
