"""The demo's assets as rows, their files in the store, their jobs in the outbox."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, null, select, update

from contentlib.core.clock import local_day
from contentlib.core.db import db
from contentlib.core.folding import slug
from contentlib.demo.firm import firm
from contentlib.demo.rows import Rows
from contentlib.demo.sources import Source
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Audience,
    ReleaseStep,
    Status,
    VersionKind,
    asset_persona,
    asset_stage,
    asset_tag,
)
from contentlib.library.release.rules import Step
from contentlib.library.taxonomy import Tag

KINDS = {
    "link": VersionKind.LINK,
    "script": VersionKind.SCRIPT,
    "objection": VersionKind.OBJECTION,
}
BODILESS = (VersionKind.FILE, VersionKind.LINK)


@dataclass
class Material:
    """An asset that is in the library, as the simulation of its use needs to know it."""

    id: int
    source: Source
    title: str
    popularity: float
    published_at: datetime
    gone_at: datetime | None
    versions: list[tuple[datetime, int]] = field(default_factory=list)

    def version_at(self, moment: datetime) -> int:
        """The version that sellers saw then."""
        seen = [number for since, number in self.versions if since <= moment]
        return seen[-1] if seen else self.versions[0][1]

    def usable_at(self, moment: datetime) -> bool:
        """Whether sellers could see it then."""
        return self.published_at <= moment and (self.gone_at is None or moment < self.gone_at)


class Shelf:
    """Puts assets on the shelf: the rows of an asset, its versions, its words."""

    def __init__(self, words: dict[str, dict[str, int]], staff: dict[str, int], now: datetime):
        self._words, self._staff, self._now = words, staff, now
        self._tags: dict[str, int] = {}
        self.assets, self.versions, self.tags = Rows(Asset), Rows(AssetVersion), Rows(Tag)
        self.steps = Rows(ReleaseStep)
        self._pairs = {
            "stages": Rows(asset_stage),
            "personas": Rows(asset_persona),
            "tags": Rows(asset_tag),
        }

    def add(
        self,
        rng: Random,
        source: Source,
        *,
        external_id: str,
        sha256: str | None,
        proof: int | None,
    ) -> Material:
        """Put one asset there, with as many versions as its source says."""
        published = self._now - timedelta(days=source.age_days, hours=rng.uniform(1, 9))
        number = self.assets.add(**self._asset_row(source, external_id, published))
        material = Material(
            number, source, source.title, source.popularity, published, self._gone(source)
        )
        self._add_versions(rng, material, sha256, proof)
        self._add_words(number, source)
        return material

    def _gone(self, source: Source) -> datetime | None:
        if source.status == "draft":
            return self._now - timedelta(days=source.age_days, hours=10)
        if source.status == "archived":
            return self._now - timedelta(days=45)
        if source.valid_in_days is not None and source.valid_in_days < 0:
            return self._now + timedelta(days=source.valid_in_days)
        return None

    def _asset_row(self, source: Source, external_id: str, published: datetime) -> dict[str, Any]:
        live = source.status != "draft"
        due = self._day(source.review_in_days)
        return {
            "external_id": external_id,
            "title": source.title,
            "summary": summary_of(source),
            "type_id": self._words["types"][source.type],
            "language": source.language,
            "audience": Audience(source.audience),
            "owner_id": self._staff[source.owner],
            "deputy_id": self._staff.get(source.deputy),
            "status": Status(source.status),
            "valid_until": None
            if source.valid_in_days is None
            else self._day(source.valid_in_days),
            "review_due": due,
            "retain_until": None,
            "verified_at": max(published, self._verified(due)) if live else None,
            "verified_by_id": self._staff[source.owner] if live else None,
            "published_at": published if live else None,
            "archived_at": self._gone(source) if source.status == "archived" else None,
            "created_at": published - timedelta(days=2),
            "updated_at": published,
            "revision": 1,
        }

    def _day(self, days: int) -> date:
        return local_day(self._now, "America/Sao_Paulo") + timedelta(days=days)

    def _verified(self, due: date) -> datetime:
        """Half a year before the next review, which is how far ahead owners put it."""
        moment = datetime(due.year, due.month, due.day, 14, tzinfo=self._now.tzinfo)
        return min(moment - timedelta(days=180), self._now - timedelta(hours=3))

    def _add_versions(
        self, rng: Random, material: Material, sha256: str | None, proof: int | None
    ) -> None:
        source = material.source
        step = timedelta(days=source.age_days) / (source.versions + 0.4)
        for order in range(source.versions):
            since = material.published_at + step * order
            number = self.versions.add(
                asset_id=material.id,
                number=order + 1,
                kind=KINDS.get(source.format, VersionKind.FILE),
                blob_sha256=sha256,
                file_name=source.file_name or None,
                url=source.url or None,
                body=body_of(source, proof),
                change_note=rng.choice(firm()["changes"]["notes"]) if order else "",
                created_by_id=self._staff[source.owner],
                created_at=since - timedelta(hours=2),
            )
            if source.status != "draft":
                self._release(material, number, since)
            material.versions.append((since, number))

    def _release(self, material: Material, number: int, since: datetime) -> None:
        """Put a version in the place of the one before, as its owner did then."""
        taken = [(earlier, Step.SUPERSEDED) for _, earlier in material.versions[-1:]]
        for version_id, step in (*taken, (number, Step.PUBLISHED)):
            self.steps.add(
                asset_id=material.id,
                asset_version_id=version_id,
                step=step,
                by_id=self._staff[material.source.owner],
                at=since,
                note="",
            )

    def _add_words(self, number: int, source: Source) -> None:
        for kind, keys in (("stages", source.stages), ("personas", source.personas)):
            for key in dict.fromkeys(keys):
                self._pairs[kind].add(
                    **{"asset_id": number, f"{kind[:-1]}_id": self._words[kind][key]}
                )
        for tag in {slug(name): name for name in source.tags}.items():
            self._pairs["tags"].add(asset_id=number, tag_id=self._tag(*tag))

    def _tag(self, key: str, name: str) -> int:
        if key not in self._tags:
            self._tags[key] = self.tags.add(
                key=key, name_pt=name, name_en=name, position=len(self._tags), retired=False
            )
        return self._tags[key]

    def finish(self) -> None:
        """Insert everything, in the order in which rows point at each other."""
        for rows in (self.tags, self.assets, self.versions, self.steps, *self._pairs.values()):
            rows.finish()
        # In bulk, JSON columns are given a JSON null where the database's own is meant.
        db.session.execute(
            update(AssetVersion).where(AssetVersion.kind.in_(BODILESS)).values(body=null())
        )
        last = select(func.max(AssetVersion.id)).where(AssetVersion.asset_id == Asset.id)
        db.session.execute(
            update(Asset)
            .where(Asset.status != Status.DRAFT)
            .values(published_version_id=last.scalar_subquery())
        )


def summary_of(source: Source) -> str:
    """What is said of it in the library; cards and addresses have no page for their remarks."""
    remarks = source.body if source.format in {"objection", "link"} else ""
    return f"{source.summary}\n\n{remarks}".strip()


def body_of(source: Source, proof: int | None) -> dict[str, Any] | None:
    """What a script or an objection card says, as the library keeps it."""
    if source.format == "script":
        return {"channel": source.channel, "subject": source.subject, "text": source.body}
    card = source.objection
    if card is None:
        return None
    return {
        "heard_as": list(card.heard_as),
        "answer": card.answer,
        "proof_asset_id": proof,
        "proof_page": card.proof_page,
        "question": card.question_back,
        "avoid": card.do_not_say,
    }
