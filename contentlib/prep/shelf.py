"""The published library in memory, as far as call prep asks for it: read once, then what changed.

Every change of a material counts its revision, also where it is a tag that got another name or a
file that a scanner judged, so that a process knows by one cheap statement what to read anew. Who
may see a material is not decided here: each card's row is loaded once more before it is shown.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import literal, select, union_all

from contentlib.core.arrays import whole_numbers
from contentlib.core.db import db, only_reads
from contentlib.core.instants import Instant
from contentlib.finding.likeness import keys_of
from contentlib.library.care.verdicts import HANDED_OUT
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Audience,
    Blob,
    Status,
    VersionKind,
    asset_persona,
    asset_stage,
    asset_tag,
)
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag
from contentlib.library.written import card_of
from contentlib.prep.situation import Candidate

KEPT = "prep.shelf"
# Databases take only so many values in one statement.
AT_ONCE = 500
_ONE_AT_A_TIME = threading.Lock()

Stamp = tuple[int, int]
# A material whose file nobody gets is known, so that it is not read again, but is no candidate.
Kept = dict[int, tuple[Stamp, Candidate | None]]


def candidates() -> list[Candidate]:
    """Return every published material that is not withheld, as this transaction sees them."""
    with _ONE_AT_A_TIME:
        kept: Kept = current_app.extensions.get(KEPT, {})
        stamps = _stamps()
        stale = [
            number
            for number, stamp in stamps.items()
            if number not in kept or kept[number][0] != stamp
        ]
        fresh = {number: (stamps[number], found) for number, found in _read(stale)}
        now = {number: fresh.get(number) or kept[number] for number in stamps if number in kept} | {
            number: entry for number, entry in fresh.items() if number not in kept
        }
        # What a transaction that writes has seen may yet be undone with it: that is not kept.
        if only_reads():
            current_app.extensions[KEPT] = now
    return [found for _stamp, found in now.values() if found is not None]


def _stamps() -> dict[int, Stamp]:
    """Return what tells each published material's present state from any other."""
    table = whole_numbers(
        select(Asset.id, Asset.revision, Instant(Asset.updated_at)).where(
            Asset.status == Status.PUBLISHED, Asset.published_version_id.is_not(None)
        )
    )
    return {number: (revision, at) for number, revision, at in table.tolist()}


def _read(ids: Sequence[int]) -> Iterable[tuple[int, Candidate | None]]:
    for first in range(0, len(ids), AT_ONCE):
        yield from _read_some(ids[first : first + AT_ONCE])


def _read_some(ids: Collection[int]) -> Iterable[tuple[int, Candidate | None]]:
    words = _words_of(ids)
    rows = db.session.execute(
        select(
            *(Asset.id, Asset.title, Asset.language, Asset.valid_until, Asset.review_due),
            *(Asset.verified_at, Asset.published_at, AssetType.key.label("type")),
            Asset.audience,
            *(AssetVersion.kind, AssetVersion.body, Blob.scan),
        )
        .join(Asset.type)
        .join(Asset.published_version)
        .outerjoin(AssetVersion.blob)
        .where(Asset.id.in_(ids))
    )
    for row in rows:
        withheld = row.scan is not None and row.scan not in HANDED_OUT
        yield row.id, None if withheld else _candidate(row, words)


def _candidate(row: Any, words: dict[tuple[str, int], list[str]]) -> Candidate:
    card = card_of(row.body) if row.kind == VersionKind.OBJECTION else None
    heard = card.heard_as if card else ()
    said = [row.title, *words["tag", row.id], *heard]
    return Candidate(
        id=row.id,
        type=row.type,
        language=row.language,
        stages=frozenset(words["stage", row.id]),
        personas=frozenset(words["persona", row.id]),
        keys=frozenset(key for text in said for key in keys_of(text)),
        valid_until=row.valid_until,
        review_due=row.review_due,
        verified_at=row.verified_at,
        published_at=row.published_at,
        is_internal=row.audience is Audience.INTERNAL,
        proof=(card.proof_asset_id, card.proof_page) if card and card.proof_asset_id else None,
    )


def _words_of(ids: Collection[int]) -> dict[tuple[str, int], list[str]]:
    """Return the keys of stages and personas, and the names of tags, by kind and material."""
    stages, personas, tags = asset_stage.c, asset_persona.c, asset_tag.c
    rows = db.session.execute(
        union_all(
            select(literal("stage"), stages.asset_id, Stage.key)
            .join(Stage, Stage.id == stages.stage_id)
            .where(stages.asset_id.in_(ids)),
            select(literal("persona"), personas.asset_id, Persona.key)
            .join(Persona, Persona.id == personas.persona_id)
            .where(personas.asset_id.in_(ids)),
            select(literal("tag"), tags.asset_id, Tag.name_pt + " " + Tag.name_en)
            .join(Tag, Tag.id == tags.tag_id)
            .where(tags.asset_id.in_(ids)),
        )
    )
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for kind, number, text in rows:
        found[kind, number].append(text)
    return found
