"""A small library for tests of finding, its record, and the way it gets into an index."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Deal, Outcome
from contentlib.library import taxonomy
from contentlib.library.firm_day import firm_today
from contentlib.library.models import (
    Asset,
    AssetVersion,
    Audience,
    Blob,
    BlobPage,
    ExtractionState,
    Status,
    VersionKind,
)
from contentlib.library.taxonomy import AssetType, Persona, Stage, get_term
from contentlib.search import Engine, sources
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from contentlib.usage.service import OnDeal
from tests import factories


def add_asset(owner: User, title: str, pages: tuple[str, ...] = (), **facts: Any) -> Asset:
    """Add a published PDF with these pages, unless facts say otherwise."""
    taxonomy.seed()
    today = firm_today()
    asset = Asset(
        external_id=facts.get("external_id"),
        title=title,
        summary=facts.get("summary", ""),
        type=get_term(AssetType, facts.get("type", "case_study")),
        language=facts.get("language", "pt"),
        audience=Audience.SHAREABLE,
        owner=owner,
        status=facts.get("status", Status.PUBLISHED),
        valid_until=facts.get("valid_until"),
        review_due=facts.get("review_due", today + timedelta(days=90)),
        stages=[get_term(Stage, key) for key in facts.get("stages", ("proposal",))],
        personas=[get_term(Persona, key) for key in facts.get("personas", ("economic_buyer",))],
        published_at=facts.get("published_at", now()),
    )
    version = _version(asset, pages, facts)
    db.session.add(asset)
    db.session.flush()
    asset.published_version_id = version.id
    db.session.commit()
    return asset


def _version(asset: Asset, pages: tuple[str, ...], facts: dict[str, Any]) -> AssetVersion:
    if "script" in facts:
        body = {"channel": "email", "subject": "", "text": facts["script"]}
        return AssetVersion(asset=asset, number=1, kind=VersionKind.SCRIPT, body=body)
    if "answer" in facts:
        body = {"answer": facts["answer"], "heard_as": ["está caro"], "question": "", "avoid": ""}
        return AssetVersion(asset=asset, number=1, kind=VersionKind.OBJECTION, body=body)
    digest = sha256(repr((asset.title, pages)).encode()).hexdigest()
    blob = db.session.get(Blob, digest) or Blob(
        sha256=digest,
        size=1,
        media_type=facts.get("media_type", "application/pdf"),
        extraction=ExtractionState.DONE,
        page_count=len(pages),
        pages=[BlobPage(number=number, text=text) for number, text in enumerate(pages, start=1)],
    )
    return AssetVersion(asset=asset, number=1, kind=VersionKind.FILE, blob=blob)


def index_everything(engine: Engine) -> None:
    """Bring the index in line with the database, as the worker does."""
    engine.rebuild(sources.everything())


def days_from_now(days: int) -> date:
    """Return a day relative to today."""
    return firm_today() + timedelta(days=days)


def won(seller: User, *assets: Asset, closed: int = 2, used: int = 5) -> Deal:
    """Win a deal so many days ago on which materials were shown so many days ago."""
    deal = factories.deal(seller, opened_at=now() - timedelta(days=500))
    for asset in assets:
        usage.record(
            Action.SHOWN,
            asset_id=asset.id,
            version_id=asset.published_version_id,
            actor_id=seller.id,
            idempotency_key=f"{asset.id}-{deal.id}",
            on=OnDeal(deal.id, deal.stage_id),
            occurred_at=now() - timedelta(days=used),
        )
    at = now() - timedelta(days=closed)
    deals.close_as_told(deal, Outcome.WON, closed_at=at, source="import")
    db.session.commit()
    return deal
