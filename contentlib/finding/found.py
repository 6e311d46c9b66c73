"""The columns of a found material that a page of results shows: one row each, nothing besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, literal, select, union_all

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding.searcher import Searcher
from contentlib.finding.shown import shown_version
from contentlib.library.files.formats import form_of
from contentlib.library.files.reading import is_readable
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Blob,
    Status,
    VersionKind,
    asset_persona,
    asset_stage,
)
from contentlib.library.standing import Standing, label_of, standing_of_label
from contentlib.library.taxonomy import AssetType, Persona, Stage


@dataclass(frozen=True)
class Found:
    """A found material with the version that people find, as far as results speak of both.

    Type, stages and personas are keys, the latter in the order of the taxonomy. What tells of a
    version or of a file is empty where there is none.
    """

    id: int
    external_id: str | None
    title: str
    summary: str
    language: str
    status: Status
    review_due: date | None
    valid_until: date | None
    owner: str
    type: str
    icon: str
    hue: str
    version: int | None
    kind: VersionKind | None
    url: str | None
    body: dict[str, Any] | None
    blob_sha256: str | None
    media_type: str | None
    pdf_size: int | None
    page_label: str
    page_count: int
    stages: Sequence[str]
    personas: Sequence[str]

    @property
    def format(self) -> str:
        """Return in which form it comes, a key of `FORMAT_NAMES`."""
        return form_of(self.kind, self.media_type)

    @property
    def reads(self) -> bool:
        """Tell whether the viewer opens it."""
        return is_readable(self.media_type, self.pdf_size)

    def standing(self, day: date) -> Standing:
        """Return what it is worth on a day."""
        return standing_of_label(label_of(self.status, self.review_due, self.valid_until), day)


_ROWS = (
    select(
        *(Asset.id, Asset.external_id, Asset.title, Asset.summary, Asset.language),
        *(Asset.status, Asset.review_due, Asset.valid_until, User.name.label("owner")),
        *(AssetType.key.label("type"), AssetType.icon, AssetType.hue),
        *(AssetVersion.number.label("version"), AssetVersion.kind, AssetVersion.url),
        *(AssetVersion.body, AssetVersion.blob_sha256, Blob.media_type, Blob.pdf_size),
        func.coalesce(Blob.page_label, "page").label("page_label"),
        func.coalesce(Blob.page_count, 0).label("page_count"),
    )
    .join(Asset.owner)
    .join(Asset.type)
    .outerjoin(AssetVersion, shown_version())
    .outerjoin(AssetVersion.blob)
)
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_LABELS = union_all(
    select(literal("stage"), asset_stage.c.asset_id, Stage.key, Stage.position)
    .join(Stage, Stage.id == asset_stage.c.stage_id)
    .where(asset_stage.c.asset_id.in_(_IDS)),
    select(literal("persona"), asset_persona.c.asset_id, Persona.key, Persona.position)
    .join(Persona, Persona.id == asset_persona.c.persona_id)
    .where(asset_persona.c.asset_id.in_(_IDS)),
)


def found_rows(ids: Sequence[int], searcher: Searcher) -> dict[int, Found]:
    """Load those of some materials that somebody may find, in two statements."""
    rows = db.session.execute(_rows_for(searcher), {"ids": ids}).mappings().all()
    labels = _labels([row["id"] for row in rows])
    return {
        row["id"]: Found(
            **row,
            stages=labels.get(("stage", row["id"]), ()),
            personas=labels.get(("persona", row["id"]), ()),
        )
        for row in rows
    }


@lru_cache(maxsize=16)
def _rows_for(searcher: Searcher) -> Select[*tuple[Any, ...]]:
    """Return the statement for a role on a day, which is put together once."""
    return _ROWS.where(Asset.id.in_(_IDS), searcher.may_find())


def _labels(ids: Sequence[int]) -> dict[tuple[str, int], list[str]]:
    """Return the keys of stages and personas by material."""
    rows = db.session.execute(_LABELS, {"ids": ids}).all()
    labels: dict[tuple[str, int], list[str]] = {}
    for facet, asset_id, key, _position in sorted(rows, key=itemgetter(3)):
        labels.setdefault((facet, asset_id), []).append(key)
    return labels
