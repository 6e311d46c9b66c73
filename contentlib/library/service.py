"""Changes to materials: made as drafts, completed, published, verified, archived."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import one_line
from contentlib.library.care import custody
from contentlib.library.care.custody import Act, CustodyStep
from contentlib.library.care.withheld import REMOVED, TO_BE_REMOVED, is_fit, refuse_unfit
from contentlib.library.indexing import changed
from contentlib.library.models import Asset, AssetVersion, Audience, Receipt, ReleaseStep, Status
from contentlib.library.readiness import lacks, refuse_incomplete
from contentlib.library.release import service as releasing
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag
from contentlib.usage.models import UsageEvent

LONGEST_TITLE = 200
FURTHEST_REVIEW = timedelta(days=3 * 366)
WHEN_NEXT = N_("The next review must lie in the future, at most three years away.")


def create_asset(
    *,
    title: str,
    type: AssetType,  # noqa: A002 - the fact's own name
    by: User,
    owner: User | None = None,
    deputy: User | None = None,
    language: str = "pt",
    audience: Audience = Audience.INTERNAL,
    summary: str = "",
    stages: Sequence[Stage] = (),
    personas: Sequence[Persona] = (),
    tags: Sequence[Tag] = (),
    review_due: date | None = None,
    valid_until: date | None = None,
    retain_until: date | None = None,
    external_id: str | None = None,
) -> Asset:
    """Make a draft, without content yet; whoever makes it owns it unless somebody is named."""
    asset = Asset(status=Status.DRAFT, external_id=external_id, revision=0, owner=by)
    with db.session.no_autoflush:
        _set_facts(
            asset,
            title=title,
            summary=summary,
            type=type,
            stages=stages,
            personas=personas,
            tags=tags,
            language=language,
            audience=audience,
            owner=owner or by,
            deputy=deputy,
        )
        _set_days(asset, review_due, valid_until, retain_until)
        db.session.add(asset)
    changed(asset)
    audit.record(Action.ASSET_CREATED, subject=asset, by=by, title=asset.title, owner=asset.owner)
    return asset


def change_facts(
    asset: Asset,
    *,
    title: str,
    summary: str,
    type: AssetType,  # noqa: A002
    stages: Sequence[Stage],
    personas: Sequence[Persona],
    tags: Sequence[Tag],
    language: str,
    audience: Audience,
    owner: User,
    deputy: User | None,
    review_due: date | None,
    valid_until: date | None,
    retain_until: date | None,
) -> None:
    """Change what is said of a material; a published one must stay complete."""
    before = audit.plain(facts_of(asset))
    with db.session.no_autoflush:
        _set_facts(
            asset,
            title=title,
            summary=summary,
            type=type,
            stages=stages,
            personas=personas,
            tags=tags,
            language=language,
            audience=audience,
            owner=owner,
            deputy=deputy,
        )
        _set_days(asset, review_due, valid_until, retain_until)
        if asset.status is Status.PUBLISHED:
            refuse_incomplete(asset)
    changed(asset)
    changes = audit.differences(before, facts_of(asset))
    if changes:
        audit.record(Action.ASSET_CHANGED, subject=asset, changes=changes)


FACTS = (
    "title",
    "summary",
    "type",
    "stages",
    "personas",
    "tags",
    "language",
    "audience",
    "owner",
    "deputy",
    "review_due",
    "valid_until",
    "retain_until",
)


def facts_of(asset: Asset) -> dict[str, Any]:
    """Return everything that `change_facts` takes, as it is now."""
    return {name: getattr(asset, name) for name in FACTS}


def _set_facts(
    asset: Asset,
    *,
    title: str,
    summary: str,
    type: AssetType,  # noqa: A002
    stages: Sequence[Stage],
    personas: Sequence[Persona],
    tags: Sequence[Tag],
    language: str,
    audience: Audience,
    owner: User,
    deputy: User | None,
) -> None:
    asset.title = clean_title(title)
    asset.summary = summary.strip()
    asset.type, asset.language, asset.audience = type, language, audience
    asset.stages, asset.personas, asset.tags = list(stages), list(personas), list(tags)
    if deputy is owner:
        raise Invalid(N_("The deputy must be somebody other than the owner."), field="deputy")
    asset.owner, asset.deputy = owner, deputy


def _set_days(
    asset: Asset, review_due: date | None, valid_until: date | None, retain_until: date | None
) -> None:
    asset.review_due, asset.valid_until = review_due, valid_until
    asset.retain_until = retain_until


def clean_title(text: str) -> str:
    """Return a title on one line and without invisible characters, or say what is wrong."""
    title = one_line(text)
    if not title:
        raise Invalid(N_("Give it a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            N_("A title has at most %(most)s characters."), field="title", most=LONGEST_TITLE
        )
    return title


def publish(asset: Asset, *, by: User, today: date, version: AssetVersion | None = None) -> None:
    """Let sellers see a version, the latest unless one is named, approved where that is needed.

    Every required fact must be there, and a file that everybody may have.
    """
    wanted = version or asset.latest_version
    refuse_unfit(wanted)
    releasing.hold(asset)
    if asset.status is Status.ARCHIVED:
        raise Conflict(N_("This material is archived. Restore it first."))
    if asset.status is Status.PUBLISHED and asset.published_version is wanted:
        raise Conflict(N_("This version is published already."))
    refuse_incomplete(asset)
    if asset.valid_until is not None and asset.valid_until < today:
        raise Invalid(N_("Its validity is over. Set a later day first."), field="valid_until")
    releasing.release(asset, wanted, by=by)
    moment = now()
    asset.status = Status.PUBLISHED
    asset.published_at = asset.published_at or moment
    asset.verified_at, asset.verified_by_id = moment, by.id
    changed(asset)


def archive(asset: Asset) -> None:
    """Take a material away from sellers; everything that was recorded stays."""
    if asset.status is Status.ARCHIVED:
        raise Conflict(N_("This material is archived already."))
    before, asset.status, asset.archived_at = asset.status, Status.ARCHIVED, now()
    changed(asset)
    audit.record(Action.ASSET_ARCHIVED, subject=asset, status=[before, asset.status])


def restore(asset: Asset) -> None:
    """Bring an archived material back to what it was: published, or a draft."""
    if asset.status is not Status.ARCHIVED:
        raise Conflict(N_("This material is not archived."))
    if custody.standing(Act.REMOVAL_ASKED, asset):
        raise Conflict(TO_BE_REMOVED)
    if asset.versions and all(version.removed_at for version in asset.versions):
        raise Conflict(REMOVED)
    live = asset.published_version
    was_published = asset.published_at is not None and live is not None and is_fit(live)
    on_air = was_published and not lacks(asset)
    asset.status = Status.PUBLISHED if on_air else Status.DRAFT
    asset.archived_at = None
    changed(asset)
    audit.record(Action.ASSET_RESTORED, subject=asset, status=[Status.ARCHIVED, asset.status])


def verify(asset: Asset, *, by: User, next_review: date, today: date) -> None:
    """Say that a material is still true, until somebody looks at it again."""
    if asset.status is not Status.PUBLISHED:
        raise Conflict(N_("Only a published material can be verified."))
    if not today < next_review <= today + FURTHEST_REVIEW:
        raise Invalid(WHEN_NEXT, field="next_review")
    asset.verified_at, asset.verified_by_id = now(), by.id
    before, asset.review_due = asset.review_due, next_review
    changed(asset)
    changes = audit.differences({"review_due": before}, {"review_due": next_review})
    audit.record(Action.ASSET_VERIFIED, subject=asset, by=by, changes=changes)


def discard(draft: Asset) -> None:
    """Remove a draft that nobody has used yet.

    Whatever has a history or must be kept is archived instead, and so is what was ever under hold.
    """
    events = select(UsageEvent.id).where(UsageEvent.asset_id == draft.id).limit(1)
    steps = select(ReleaseStep.id).where(ReleaseStep.asset_id == draft.id).limit(1)
    kept = select(CustodyStep.id).where(CustodyStep.asset_id == draft.id).limit(1)
    traces = (db.session.scalar(rows) for rows in (events, steps, kept))
    if draft.published_at is not None or draft.retain_until is not None or any(traces):
        archive(draft)
        return
    numbers = [version.id for version in draft.versions]
    db.session.execute(delete(Receipt).where(Receipt.asset_version_id.in_(numbers)))
    changed(draft)
    audit.record(
        Action.ASSET_DISCARDED,
        subject=draft,
        name=draft.title,
        files=[version.blob_sha256 for version in draft.versions if version.blob_sha256],
    )
    for version in draft.versions:
        db.session.delete(version)
    db.session.delete(draft)
    db.session.flush()
